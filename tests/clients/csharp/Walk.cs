// The walk (../walk.md) through the client that openapi-generator makes for C#, with the language of Unity's older versions.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Cairn.Client.Api;
using Cairn.Client.Client;
using Cairn.Client.Model;
using Newtonsoft.Json;

/// <summary>The client's APIs with the credentials of one caller.</summary>
internal sealed class Caller
{
    public readonly AccountsApi Accounts;
    public readonly HealthApi Health;
    public readonly ModerationApi Moderation;
    public readonly PlayersApi Players;
    public readonly RecordingsApi Recordings;
    public readonly StudiosApi Studios;
    public readonly TracesApi Traces;
    public readonly VotesApi Votes;

    public Caller(string key = null, string token = null)
    {
        var configuration = new Configuration { BasePath = Walk.Variable("CAIRN_URL"), AccessToken = token };
        if (key != null)
        {
            configuration.AddApiKey("X-API-Key", key);
        }
        Accounts = new AccountsApi(configuration);
        Health = new HealthApi(configuration);
        Moderation = new ModerationApi(configuration);
        Players = new PlayersApi(configuration);
        Recordings = new RecordingsApi(configuration);
        Studios = new StudiosApi(configuration);
        Traces = new TracesApi(configuration);
        Votes = new VotesApi(configuration);
    }
}

internal static class Walk
{
    private const string Password = "a pass phrase for the walk";
    private const string NextPassword = "another pass phrase for the walk";
    private const string Scope = "Ash Lake";

    private static readonly Caller Nobody = new Caller();

    public static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException(name + " is not set");

    /// <summary>A body of the client's type, of these members.</summary>
    private static T Body<T>(object members) =>
        JsonConvert.DeserializeObject<T>(
            JsonConvert.SerializeObject(members),
            new JsonSerializerSettings { MissingMemberHandling = MissingMemberHandling.Error });

    private static void Print(string operation, IEnumerable<object> seen) =>
        Console.WriteLine(operation + " " + JsonConvert.SerializeObject(seen));

    private static object[] Values(params object[] values) => values;

    /// <summary>Sends a request and prints what its answer says.</summary>
    private static T Call<T>(string operation, Func<T> send, Func<T, IEnumerable<object>> see)
    {
        try
        {
            var answer = send();
            Print(operation, see(answer));
            return answer;
        }
        catch (Exception error)
        {
            Console.WriteLine(operation + " ! " + Regex.Replace(error.ToString(), @"\s+", " "));
            throw;
        }
    }

    /// <summary>Sends a request whose answer has no body.</summary>
    private static void Call(string operation, Action send) =>
        Call<object>(
            operation,
            () =>
            {
                send();
                return null;
            },
            _ => Values());

    /// <summary>Sends a request that is refused and prints what the problem says.</summary>
    private static void Refused(string operation, Action send)
    {
        try
        {
            send();
            Console.WriteLine(operation + " ! not refused");
        }
        catch (ApiException error)
        {
            var content = (string)error.ErrorContent;
            try
            {
                var problem = JsonConvert.DeserializeObject<Problem>(content);
                var faults = problem.Errors ?? new List<ProblemFault>();
                Print(operation, Values(problem.Status, problem.Code).Concat(faults.Select(fault => fault.Pointer)));
            }
            catch (JsonException fault)
            {
                Console.WriteLine(operation + " ! " + fault.Message + " " + content);
            }
        }
    }

    private static IEnumerable<object> InOrder(IEnumerable<object> values) =>
        values.OrderBy(value => JsonConvert.SerializeObject(value), StringComparer.Ordinal);

    /// <summary>Waits for the email and returns its code. The server writes emails to a folder if it has no mail server.</summary>
    private static string CodeFromMail(string to, string subject)
    {
        var folder = Variable("CAIRN_MAIL");
        for (var time = Stopwatch.StartNew(); time.Elapsed < TimeSpan.FromSeconds(20); Thread.Sleep(20))
        {
            var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : new string[0];
            foreach (var text in files.Select(file => File.ReadAllText(file).Replace("\r\n", "\n")))
            {
                var code = Regex.Match(text, "^ {4}([0-9a-f]{32})$", RegexOptions.Multiline);
                if (code.Success && text.Contains("To: " + to + "\n") && text.Contains("Subject: " + subject + "\n"))
                {
                    return code.Groups[1].Value;
                }
            }
        }
        throw new TimeoutException("no email to " + to + ": " + subject);
    }

    public static void Main()
    {
        var game = new Caller(key: Variable("CAIRN_KEY"));
        var server = new Caller(key: Variable("CAIRN_SECRET_KEY"));
        Call("health", () => Nobody.Health.Health(), a => Values(a.Status));
        Call("livez", () => Nobody.Health.Livez(), a => Values(a.Status));
        Call("readyz", () => Nobody.Health.Readyz(), a => Values(a.Status, a.Database, a.Cache));

        // Players
        var device = new PlayerSignIn(deviceId: "the-device-of-noor-0123456789abcdef");
        Func<PlayerTokens, IEnumerable<object>> prefix = a => Values(a.Token.Split('_')[0]);
        var signedIn = Call("signInPlayer", () => game.Players.SignInPlayer(new PlayerSignIn()), prefix);
        var noorIn = Call("signInPlayer", () => game.Players.SignInPlayer(device), prefix);
        Call("signInPlayer", () => game.Players.SignInPlayer(device), a => Values(a.PlayerId == noorIn.PlayerId));
        var miraIn = Call(
            "refreshPlayer",
            () => game.Players.RefreshPlayer(new RefreshToken(signedIn.RefreshToken)),
            a => Values(a.PlayerId == signedIn.PlayerId));
        var unknown = new RefreshToken("rt_" + new string('0', 64));
        Refused("refreshPlayer", () => game.Players.RefreshPlayer(unknown));
        var mira = new Caller(token: miraIn.Token);
        var noor = new Caller(token: noorIn.Token);
        Call("getPlayer", () => mira.Players.GetPlayer(), a => Values(a.PlayerId == miraIn.PlayerId, a.Linked));
        Func<Player, IEnumerable<object>> named = a => Values(a.DisplayName);
        Call("changePlayer", () => mira.Players.ChangePlayer(new PlayerChange("Mira")), named);
        Call("changePlayerByPost", () => mira.Players.ChangePlayerByPost(new PlayerChange("Mira of the lake")), named);
        var players = new PlayerNamesQuery(new List<string> { miraIn.PlayerId, noorIn.PlayerId });
        Call(
            "getPlayerNames",
            () => game.Players.GetPlayerNames(players),
            a => a.Players.Select(player => player.DisplayName));

        // Traces and recordings
        var columns = new
        {
            content_version = 3,
            complete = true,
            look = "red cloak",
            t_ms = new[] { 0, 100, 200 },
            pos = new[] { 0, 0, 0, 1, 0, 0, 2, 0, 0.5 },
            rot = new[] { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 },
            event_ms = new[] { 100 },
            event_code = new[] { 7 },
            event_arg = new[] { -1 },
        };
        var recording = Body<Recording>(columns);
        var uploaded = Call(
            "uploadRecording",
            () => mira.Recordings.UploadRecording(recording),
            a => Values(a.Frames, a.DurationMs));
        var message = new { @ref = "note-1", kind = "message", scope = Scope, pos = new[] { 1, 2, 4 }, text = new[] { "Try climbing" } };
        var lamp = new
        {
            @ref = "lamp-1",
            kind = "object",
            scope = Scope,
            pos = new[] { 1, 2, 3 },
            rot = new[] { 0, 0, 0, 1 },
            type = "lamp",
            data = "{\"lit\":true}",
            left_at = DateTime.UtcNow.AddHours(-1),
        };
        var phantom = new { @ref = "run-1", kind = "phantom", scope = Scope, pos = new[] { 0, 0, 0 }, rank_value = 41.5, recording = columns };
        var stain = new
        {
            @ref = "fall-1",
            kind = "bloodstain",
            scope = Scope,
            pos = new[] { 2, 0, 0.5 },
            type = "fall",
            recording_id = uploaded.RecordingId,
        };
        var sentence = new { @ref = "note-2", kind = "message", scope = Scope, pos = new[] { 5, 2, 4 }, template = 3, word = 7 };
        Func<object[], NewTraces> all = traces => Body<NewTraces>(new { traces });
        var left = Call(
            "leaveTraces",
            () => mira.Traces.LeaveTraces(all(Values(lamp, message, phantom, stain, sentence)), "walk-1"),
            a => Values(a.Failed).Concat(a.VarResults.Select(result => (object)result.Status)));
        var ids = left.VarResults.Select(result => result.Id).ToList();
        Call(
            "leaveTraces",
            () => mira.Traces.LeaveTraces(all(Values(message))),
            a => Values(a.Failed, a.VarResults[0].Status, a.VarResults[0].Id == ids[1]));
        var nowhere = new { @ref = "lamp-2", kind = "object", scope = Scope, type = "lamp" };
        Call(
            "leaveTraces",
            () => mira.Traces.LeaveTraces(all(Values(nowhere))),
            a => Values(a.Failed, a.VarResults[0].Status, a.VarResults[0].Code, a.VarResults[0].Pointer));
        var door = new { @ref = "door-1", kind = "object", scope = "Mill", pos = new[] { 0, 0, 0 }, type = "door" };
        var leftByNoor = Call(
            "leaveTraces",
            () => noor.Traces.LeaveTraces(all(Values(door))),
            a => Values(a.Failed, a.VarResults[0].Status));
        Call(
            "getDeck",
            () => game.Traces.GetDeck(scope: new List<string> { Scope }, deck: 0),
            a => Values(a.Scope).Concat(InOrder(a.Traces.Select(trace => (object)trace.Kind))));
        Call(
            "getDeck",
            () => game.Traces.GetDeck(scope: new List<string> { Scope, "Mill" }, deck: 0),
            a => InOrder(a.Traces.Select(trace => trace.Scope).Distinct()));
        Call(
            "getScopeDeck",
            () => game.Traces.GetScopeDeck("Mill"),
            a => Values(a.Scope).Concat(a.Traces.Select(trace => trace.Type)));
        Call("getTrace", () => game.Traces.GetTrace(ids[1]), a => Values(a.Kind, a.Scope).Concat(a.Text));
        var met = Call("getTrace", () => game.Traces.GetTrace(ids[2]), a => Values(a.Kind, a.RankValue, a.DurationMs));
        Refused("getTrace", () => game.Traces.GetTrace("999999"));
        Call(
            "getRecording",
            () => game.Recordings.GetRecording(met.RecordingId),
            a => Values(a.Complete, a.Look).Concat(a.TMs.Select(time => (object)time)));
        var scopes = new[] { Scope };
        Func<SearchPage, IEnumerable<object>> size = a => Values(a.Items.Count, a.More);
        Func<SearchPage, IEnumerable<object>> kinds = a => a.Items.Select(trace => (object)trace.Kind);
        var recent = Body<Search>(new { scopes, mode = "recent", limit = 3 });
        var page = Call("queryTraces", () => game.Traces.QueryTraces(recent), size);
        var rest = Body<Search>(new { scopes, mode = "recent", limit = 3, after = page.Next });
        Call("queryTraces", () => game.Traces.QueryTraces(rest), size);
        var near = Body<Search>(new { scopes, mode = "near", near = new[] { 1, 2, 3 }, radius = 1.5 });
        Call("queryTraces", () => game.Traces.QueryTraces(near), kinds);
        var ahead = Body<Search>(new { scopes, mode = "ahead", rank_value = 60, ahead = 5 });
        Call("queryTraces", () => game.Traces.QueryTraces(ahead), a => a.Items.Select(trace => (object)trace.RankValue));
        var both = new Caller(Variable("CAIRN_KEY"), miraIn.Token);
        var own = Body<Search>(new { scopes, mode = "own" });
        Call("queryTraces", () => both.Traces.QueryTraces(own), kinds);
        Func<FeedPage, IEnumerable<object>> happened = a => Values(a.More).Concat(a.Items.Select(item => (object)item.What));
        var feed = Call("getChanges", () => game.Traces.GetChanges(scope: new List<string> { Scope }, after: "0"), happened);
        Call("getChanges", () => game.Traces.GetChanges(scope: new List<string> { Scope }, after: feed.Next, waitS: 1), happened);
        Call("listOwnTraces", () => mira.Traces.ListOwnTraces(limit: 2), a => Values(a.Items.Count, a.More));
        var change = Body<TraceChange>(new { revision = 1, text = new[] { "Try jumping" } });
        Call("changeTrace", () => mira.Traces.ChangeTrace(ids[1], change), a => Values(a.Revision).Concat(a.Text));
        Refused("changeTrace", () => mira.Traces.ChangeTrace(ids[1], change));
        var third = Body<TraceChange>(new { revision = 2, text = new[] { "Try swimming" } });
        Call(
            "changeTraceByPost",
            () => mira.Traces.ChangeTraceByPost(ids[1], third),
            a => Values(a.Revision).Concat(a.Text));

        // Votes and the inbox
        var good = Body<VoteRequest>(new { vote = "good" });
        var poor = Body<VoteRequest>(new { vote = "poor" });
        Func<VoteCount, IEnumerable<object>> count = a => Values(a.Vote, a.Good, a.Poor);
        Call("voteForTrace", () => noor.Votes.VoteForTrace(ids[1], good), count);
        Call("withdrawVote", () => noor.Votes.WithdrawVote(ids[1]), count);
        Call("voteForTraceByPost", () => noor.Votes.VoteForTraceByPost(ids[1], good), count);
        Call("withdrawVoteByPost", () => noor.Votes.WithdrawVoteByPost(ids[1]), count);
        Call("voteForTrace", () => noor.Votes.VoteForTrace(ids[1], poor), count);
        Refused("voteForTrace", () => mira.Votes.VoteForTrace(ids[1], good));
        var ballots = new[] { new { trace_id = ids[1], vote = "good" }, new { trace_id = "999999", vote = "good" } };
        Call(
            "voteForTraces",
            () => noor.Votes.VoteForTraces(Body<VoteBatch>(new { votes = ballots })),
            a => Values(a.Failed).Concat(a.Results.Select(result => (object)result.Status)).Concat(Values(a.Results[1].Code)));
        Call("recordTraceUse", () => noor.Votes.RecordTraceUse(ids[2]));
        var uses = new[] { new { trace_id = ids[2] }, new { trace_id = ids[0] } };
        Call(
            "recordTraceUses",
            () => noor.Votes.RecordTraceUses(Body<UseBatch>(new { uses })),
            a => Values(a.Failed).Concat(a.Results.Select(result => (object)result.Status)));
        var spam = Body<Report>(new { reason = "spam", note = "again and again" });
        Call("reportTrace", () => noor.Moderation.ReportTrace(ids[4], spam));
        Call("reportTraceByPost", () => noor.Moderation.ReportTraceByPost(ids[4], spam));
        Call(
            "getInbox",
            () => mira.Votes.GetInbox(),
            a => Values(a.More).Concat(a.Items.Select(item => (object)item.What)));
        Func<HiddenAuthors, IEnumerable<object>> hidden = a =>
            a.Items.Select(author => (object)(author.PlayerId == miraIn.PlayerId));
        Call("hideAuthor", () => noor.Moderation.HideAuthor(miraIn.PlayerId));
        Call("listHiddenAuthors", () => noor.Moderation.ListHiddenAuthors(), hidden);
        Call("showAuthor", () => noor.Moderation.ShowAuthor(miraIn.PlayerId));
        Call("listHiddenAuthors", () => noor.Moderation.ListHiddenAuthors(), hidden);
        Call("hideAuthorByPost", () => noor.Moderation.HideAuthorByPost(miraIn.PlayerId));
        Call("showAuthorByPost", () => noor.Moderation.ShowAuthorByPost(miraIn.PlayerId));
        Call(
            "getGame",
            () => game.Studios.GetGame(),
            a => Values(a.VarGame, a.VarEnvironment, a.Kind).Concat(InOrder(a.Kinds.Select(kind => (object)kind.Kind))));
        Refused("getGame", () => Nobody.Studios.GetGame());
        Call("withdrawTrace", () => mira.Traces.WithdrawTrace(ids[0]));
        Call("withdrawTraceByPost", () => noor.Traces.WithdrawTraceByPost(leftByNoor.VarResults[0].Id));
        var known = new KnownTraces(ids.Take(3).ToList());
        Call(
            "syncTraces",
            () => noor.Traces.SyncTraces(known),
            a => a.Gone.Select(gone => (object)gone.Reason).Concat(a.Changed.Select(trace => (object)trace.Revision)));
        Call(
            "getChanges",
            () => game.Traces.GetChanges(scope: new List<string> { Scope }, after: feed.Next),
            a => Values(a.Items.Last().What, a.Items.Last().Reason));

        // Packed recordings
        var packed = new MemoryStream();
        Call(
            "getPackedRecording",
            () => game.Recordings.GetPackedRecording(met.RecordingId),
            a =>
            {
                a.Content.CopyTo(packed);
                return packed.ToArray().Take(4).Select(part => (object)(int)part);
            });
        packed.Position = 0;
        Call(
            "uploadPackedRecording",
            () => mira.Recordings.UploadPackedRecording(new FileParameter(packed)),
            a => Values(a.Frames, a.DurationMs));

        // A game's server
        Func<GameSettings, IEnumerable<object>> settings = a => Values(a.Game, a.Decks, a.PublicReads, a.Kinds.Count);
        Call("getStorage", () => server.Studios.GetStorage(), a => Values(a.World.MaxScopes, a.Studio.MaxScopes));
        Call("getGameSettings", () => server.Studios.GetGameSettings("climb"), settings);
        var objects = new { kind = "object", deck_size = 50 };
        var wanted = Body<GameSettingsChange>(new { axes = "y_up_right", units = "metres", kinds = new[] { objects } });
        Call(
            "changeGameSettings",
            () => server.Studios.ChangeGameSettings("climb", wanted),
            a => Values(a.Axes, a.Units, a.Kinds.First(kind => JsonConvert.SerializeObject(kind.Kind) == "\"object\"").DeckSize));
        var twice = Body<GameSettingsChange>(new { kinds = new[] { objects, objects } });
        Refused("changeGameSettings", () => server.Studios.ChangeGameSettings("climb", twice));
        Call(
            "getModerationQueue",
            () => server.Moderation.GetModerationQueue(limit: 10),
            a => Values(a.More).Concat(a.Items.SelectMany(item => item.Reasons).Select(reason => (object)reason)));
        Func<Affected, IEnumerable<object>> affected = a => Values(a.VarAffected);
        var traceIds = new[] { ids[4] };
        Func<object, Func<Affected>> moderate = action => () => server.Moderation.Moderate(Body<ModerationRequest>(action));
        Call("moderate", moderate(new { action = "hide", trace_ids = traceIds, reason = "spam" }), affected);
        Call("moderate", moderate(new { action = "restore", trace_ids = traceIds }), affected);
        var until = DateTime.UtcNow.AddDays(1);
        Call("moderate", moderate(new { action = "ban", player_id = noorIn.PlayerId, until }), affected);
        Refused("voteForTrace", () => noor.Votes.VoteForTrace(ids[1], good));
        Call("moderate", moderate(new { action = "unban", player_id = noorIn.PlayerId }), affected);
        Refused("moderate", () => moderate(new { action = "hide" })());
        Call("bindLegacyName", () => server.Players.BindLegacyName(miraIn.PlayerId, "walker"));
        Call("listLegacyNames", () => server.Players.ListLegacyNames(miraIn.PlayerId), a => a.SeedNames);
        Call("unbindLegacyName", () => server.Players.UnbindLegacyName(miraIn.PlayerId, "walker"));
        Call(
            "listKeys",
            () => server.Studios.ListKeys("climb"),
            a => InOrder(a.Items.Select(key => (object)key.Kind)));
        var lines = "";
        Call(
            "exportTraces",
            () => server.Traces.ExportTraces(),
            a =>
            {
                lines = new StreamReader(a.Content).ReadToEnd();
                return Values(lines.TrimEnd().Split('\n').Length, lines.Substring(0, 1));
            });
        Call(
            "importTraces",
            () => server.Traces.ImportTraces(new FileParameter(new MemoryStream(Encoding.UTF8.GetBytes(lines)))),
            a => Values(a.Imported, a.ThereAlready, a.RejectedCount));

        AccountsAndStudios(mira, miraIn.PlayerId);
    }

    private static OpenedSession SignIn(string email, string password = Password) =>
        Call(
            "signIn",
            () => Nobody.Accounts.SignIn(new SignIn(email: email, password: password)),
            a => Values(a.Token.Length));

    private static void AccountsAndStudios(Caller mira, string miraId)
    {
        Func<Account, IEnumerable<object>> account = a => Values(a.Email, a.Administrator);
        var setup = new FirstAdministrator(code: Variable("CAIRN_SETUP_CODE"), email: "ada@example.org", password: Password);
        Call("createFirstAdministrator", () => Nobody.Accounts.CreateFirstAdministrator(setup), account);
        var wrong = new SignIn(email: "ada@example.org", password: "not this one");
        Refused("signIn", () => Nobody.Accounts.SignIn(wrong));
        var ada = new Caller(token: SignIn("ada@example.org").Token);
        Call("getAccount", () => ada.Accounts.GetAccount(), account);
        var other = SignIn("ada@example.org");
        Call(
            "listSessions",
            () => ada.Accounts.ListSessions(),
            a => InOrder(a.Items.Select(session => (object)session.Current)));
        Call("endSession", () => ada.Accounts.EndSession(other.SessionId));
        Func<Membership, IEnumerable<object>> membership = a => Values(a.Studio, a.Role);
        Call("createStudio", () => ada.Studios.CreateStudio(new NewStudio(name: "fern")), membership);
        Call("listStudios", () => ada.Studios.ListStudios(), a => InOrder(a.Items.Select(studio => studio.Studio)));
        Call("registerGame", () => ada.Studios.RegisterGame("fern", new NewGame(game: "dive")), a => Values(a.Game));
        Call("listGames", () => ada.Studios.ListGames("fern"), a => a.Items.Select(item => item.Game));
        Func<IssuedKey, IEnumerable<object>> issued = a =>
            Values(a.Key.Kind, a.Key.VarEnvironment, a.Secret.Substring(0, 7));
        var request = Body<NewKey>(new { environment = "dev", kind = "secret", label = "tool" });
        var key = Call("issueKey", () => ada.Studios.IssueKey("fern", "dive", request), issued);
        Call("listStudioKeys", () => ada.Studios.ListStudioKeys("fern", "dive"), a => a.Items.Select(item => item.Label));
        var rotated = Call("rotateKey", () => ada.Studios.RotateKey("fern", "dive", key.Key.Id), issued);
        Call("revokeKey", () => ada.Studios.RevokeKey("fern", "dive", rotated.Key.Id));
        Call(
            "getGameSettings",
            () => ada.Studios.GetGameSettings("dive", studio: "fern", environment: "dev"),
            a => Values(a.Game, a.Decks, a.PublicReads, a.Kinds.Count));
        Call(
            "getModerationQueue",
            () => ada.Moderation.GetModerationQueue(studio: "fern", game: "dive"),
            a => Values(a.More).Concat(a.Items));
        Call("listMembers", () => ada.Studios.ListMembers("fern"), a => a.Items.Select(member => (object)member.Role));
        Func<string, Func<Invitation>> invite = email =>
            () => ada.Studios.Invite("fern", Body<NewInvitation>(new { email, role = "viewer" }));
        Func<Invitation, IEnumerable<object>> invited = a => Values(a.Email, a.Role);
        Call("invite", invite("bo@example.org"), invited);
        var invitation = Call("invite", invite("cy@example.org"), invited);
        Call(
            "listInvitations",
            () => ada.Studios.ListInvitations("fern"),
            a => InOrder(a.Items.Select(item => item.Email)));
        Call("withdrawInvitation", () => ada.Studios.WithdrawInvitation("fern", invitation.InvitationId));
        Func<EmailSent, IEnumerable<object>> emailed = a => Values(a.Email);
        var address = new EmailAddress(email: "bo@example.org");
        Call("register", () => Nobody.Accounts.Register(address), emailed);
        var code = CodeFromMail("bo@example.org", "Your code for a new account");
        var created = Call(
            "createAccount",
            () => Nobody.Accounts.CreateAccount(new CodeAndPassword(code: code, password: Password)),
            account);
        var bo = new Caller(token: SignIn("bo@example.org").Token);
        var accept = new InvitationCode(code: CodeFromMail("bo@example.org", "You are invited into a studio"));
        Call("acceptInvitation", () => bo.Studios.AcceptInvitation(accept), membership);
        var developer = Body<RoleChange>(new { role = "developer" });
        Call(
            "changeRole",
            () => ada.Studios.ChangeRole("fern", created.UserId, developer),
            a => Values(a.Email, a.Role));
        Call("removeMember", () => ada.Studios.RemoveMember("fern", created.UserId));
        Call(
            "listAuditEntries",
            () => ada.Studios.ListAuditEntries("fern", limit: 2),
            a => Values(a.More).Concat(a.Items.Select(entry => (object)entry.Action)));
        var link = Call("createLinkCode", () => mira.Players.CreateLinkCode(), a => Values(a.Code.Length));
        Call(
            "linkPlayer",
            () => ada.Players.LinkPlayer(new EnteredLinkCode(code: link.Code)),
            a => Values(a.Studio, a.Game, a.VarEnvironment));
        Call("listPlayers", () => ada.Players.ListPlayers(), a => a.Items.Select(player => player.Game));
        Call(
            "exportAccount",
            () => ada.Accounts.ExportAccount(),
            a => Values(a.Account.Email)
                .Concat(a.Players.Select(player => player.Game))
                .Concat(a.Memberships.Select(studio => studio.Studio)));
        Call("unlinkPlayer", () => ada.Players.UnlinkPlayer(miraId));
        Call("requestPasswordReset", () => Nobody.Accounts.RequestPasswordReset(address), emailed);
        var reset = new CodeAndPassword(
            code: CodeFromMail("bo@example.org", "Your code for a new password"),
            password: NextPassword);
        Call("resetPassword", () => Nobody.Accounts.ResetPassword(reset));
        bo = new Caller(token: SignIn("bo@example.org", NextPassword).Token);
        var passwords = new PasswordChange(current: NextPassword, password: Password);
        Call("changePassword", () => bo.Accounts.ChangePassword(passwords));
        bo = new Caller(token: SignIn("bo@example.org").Token);
        var next = new EmailChange(email: "bob@example.org", password: Password);
        Call("requestEmailChange", () => bo.Accounts.RequestEmailChange(next), emailed);
        var confirm = new EmailedCode(code: CodeFromMail("bob@example.org", "Your code for a new address"));
        Call("confirmEmailChange", () => bo.Accounts.ConfirmEmailChange(confirm), account);
        Call("signOutEverywhere", () => bo.Accounts.SignOutEverywhere());
        bo = new Caller(token: SignIn("bob@example.org").Token);
        Call("deleteAccount", () => bo.Accounts.DeleteAccount(new PasswordConfirmation(password: Password)));
        Call("signOut", () => ada.Accounts.SignOut());
        Refused("getAccount", () => ada.Accounts.GetAccount());
    }
}
