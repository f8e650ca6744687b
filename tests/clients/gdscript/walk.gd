extends Node
## The part "A game" of the walk (../walk.md) through the client that openapi-generator makes for Godot 4.
##
## The arguments are the server's address and the publishable key. Three things must be known about this client: an API object
## serves one request, a model inside another is given as a dictionary, and an answer without a body arrives as an error with its
## status.

const SCOPE := "Ash Lake"
# The client checks bounds even where nothing is given, so numbers with bounds are always given.
const PAGE := 100
const NEWEST := 1000000
const LIMIT_MS := 20000

var apis := []
var url: String = OS.get_cmdline_user_args()[0]
var key: String = OS.get_cmdline_user_args()[1]


func _ready() -> void:
	await walk()
	get_tree().quit()


## The client's configuration with the credentials of one caller.
func caller(api_key: String, token: String) -> ApiConfig:
	var config := ApiConfig.new()
	config.host = "127.0.0.1"
	config.port = int(url.get_slice(":", 2))
	config.polling_interval_ms = 0
	if api_key:
		config.set_security_ApiKey(api_key)
	if token:
		config.set_security_player_bearer(token)
	return config


## Keeps an API object as long as its request may take.
func kept(api: ApiBee) -> ApiBee:
	apis.append(api)
	return api



func health(config: ApiConfig) -> HealthApi:
	return kept(HealthApi.new(config))


func players(config: ApiConfig) -> PlayersApi:
	return kept(PlayersApi.new(config))


func traces(config: ApiConfig) -> TracesApi:
	return kept(TracesApi.new(config))


func recordings(config: ApiConfig) -> RecordingsApi:
	return kept(RecordingsApi.new(config))


func votes(config: ApiConfig) -> VotesApi:
	return kept(VotesApi.new(config))


func moderation(config: ApiConfig) -> ModerationApi:
	return kept(ModerationApi.new(config))


func studios(config: ApiConfig) -> StudiosApi:
	return kept(StudiosApi.new(config))


## Sends a request and prints what its answer, or its problem, says. Returns the answer's data.
func ask(operation: String, send: Callable, see := func(_data): return []):
	var outcome := {}
	send.call(func(response): outcome.response = response, func(error): outcome.error = error)
	var deadline := Time.get_ticks_msec() + LIMIT_MS
	while outcome.is_empty() and Time.get_ticks_msec() < deadline:
		await get_tree().process_frame
	if outcome.has("response"):
		print(operation, " ", JSON.stringify(see.call(outcome.response.data)))
		return outcome.response.data
	if not outcome.has("error"):
		print(operation, " ! no answer")
		return null
	var error: ApiError = outcome.error
	if error.response and error.response.code == 204:
		print(operation, " ", JSON.stringify(see.call(null)))
	elif error.response and error.response.code >= 400:
		var problem: Problem = Problem.bzz_denormalize_single(JSON.parse_string(error.response.body))
		var seen := [problem.status, problem.code]
		for fault in problem.errors:
			seen.append(fault.pointer)
		print(operation, " ", JSON.stringify(seen))
	else:
		print(operation, " ! ", error.identifier, " ", error.message.replace("\n", " "))
	return null


func walk() -> void:
	var nobody := caller("", "")
	var game := caller(key, "")
	await ask("health", func(ok, bad): health(nobody).health(ok, bad), func(a): return [a.status])
	await ask("livez", func(ok, bad): health(nobody).livez(ok, bad), func(a): return [a.status])
	await ask(
		"readyz", func(ok, bad): health(nobody).readyz(ok, bad), func(a): return [a.status, a.database, a.cache]
	)

	# Players
	var device := PlayerSignIn.new()
	device.device_id = "the-device-of-noor-0123456789abcdef"
	var prefix := func(a): return [a.token.get_slice("_", 0)]
	var signed_in: PlayerTokens = await ask(
		"signInPlayer", func(ok, bad): players(game).sign_in_player(PlayerSignIn.new(), "", ok, bad), prefix
	)
	var noor_in: PlayerTokens = await ask(
		"signInPlayer", func(ok, bad): players(game).sign_in_player(device, "", ok, bad), prefix
	)
	await ask(
		"signInPlayer",
		func(ok, bad): players(game).sign_in_player(device, "", ok, bad),
		func(a): return [a.player_id == noor_in.player_id]
	)
	var refresh := RefreshToken.new()
	refresh.refresh_token = signed_in.refresh_token
	var mira_in: PlayerTokens = await ask(
		"refreshPlayer",
		func(ok, bad): players(game).refresh_player(refresh, "", ok, bad),
		func(a): return [a.player_id == signed_in.player_id]
	)
	var unknown := RefreshToken.new()
	unknown.refresh_token = "rt_" + "0".repeat(64)
	await ask("refreshPlayer", func(ok, bad): players(game).refresh_player(unknown, "", ok, bad))
	var mira := caller("", mira_in.token)
	var noor := caller("", noor_in.token)
	var both := caller(key, mira_in.token)
	await ask(
		"getPlayer",
		func(ok, bad): players(mira).get_player(ok, bad),
		func(a): return [a.player_id == mira_in.player_id, a.linked]
	)
	var named := func(a): return [a.display_name]
	var first_name := PlayerChange.new()
	first_name.display_name = "Mira"
	await ask("changePlayer", func(ok, bad): players(mira).change_player(first_name, ok, bad), named)
	var next_name := PlayerChange.new()
	next_name.display_name = "Mira of the lake"
	await ask("changePlayerByPost", func(ok, bad): players(mira).change_player_by_post(next_name, "", ok, bad), named)
	var whose := PlayerNamesQuery.new()
	whose.player_ids = [mira_in.player_id, noor_in.player_id]
	await ask(
		"getPlayerNames",
		func(ok, bad): players(game).get_player_names(whose, "", "", ok, bad),
		func(a): return a.players.map(func(player): return player.display_name)
	)

	# Traces and recordings
	var run := recording()
	var uploaded: UploadedRecording = await ask(
		"uploadRecording",
		func(ok, bad): recordings(mira).upload_recording(run, "", ok, bad),
		func(a): return [a.frames, a.duration_ms]
	)
	var lamp := trace("lamp-1", "object", [1, 2, 3])
	lamp.rot = [0, 0, 0, 1]
	lamp.type = "lamp"
	lamp.data = '{"lit":true}'
	lamp.left_at = Time.get_datetime_string_from_unix_time(int(Time.get_unix_time_from_system()) - 3600) + "Z"
	var note := trace("note-1", "message", [1, 2, 4])
	note.text = ["Try climbing"]
	var phantom := trace("run-1", "phantom", [0, 0, 0])
	phantom.rank_value = 41.5
	var phantom_and_recording := phantom.bzz_normalize()
	phantom_and_recording.recording = run.bzz_normalize()
	var stain := trace("fall-1", "bloodstain", [2, 0, 0.5])
	stain.type = "fall"
	stain.recording_id = uploaded.recording_id
	var sentence := trace("note-2", "message", [5, 2, 4])
	sentence.template = 3
	sentence.word = 7
	var five := NewTraces.new()
	five.traces = [
		lamp.bzz_normalize(),
		note.bzz_normalize(),
		phantom_and_recording,
		stain.bzz_normalize(),
		sentence.bzz_normalize(),
	]
	var left: Results = await ask(
		"leaveTraces",
		func(ok, bad): traces(mira).leave_traces(five, "walk-1", ok, bad),
		func(a): return [a.failed] + a.results.map(func(result): return result.status)
	)
	var ids := left.results.map(func(result): return result.id)
	await ask(
		"leaveTraces",
		leave(mira, note),
		func(a): return [a.failed, a.results[0].status, a.results[0].id == ids[1]]
	)
	var nowhere := trace("lamp-2", "object", [])
	nowhere.type = "lamp"
	await ask(
		"leaveTraces",
		leave(mira, nowhere),
		func(a): return [a.failed, a.results[0].status, a.results[0].code, a.results[0].pointer]
	)
	var door := trace("door-1", "object", [0, 0, 0])
	door.scope = "Mill"
	door.type = "door"
	var left_by_noor: Results = await ask(
		"leaveTraces", leave(noor, door), func(a): return [a.failed, a.results[0].status]
	)
	await ask(
		"getDeck",
		func(ok, bad): traces(game).get_deck("", "", [SCOPE], 0, NEWEST, 0, "", ok, bad),
		func(a): return [a.scope] + ordered(a.traces.map(func(trace): return trace.kind))
	)
	await ask(
		"getDeck",
		func(ok, bad): traces(game).get_deck("", "", [SCOPE, "Mill"], 0, NEWEST, 0, "", ok, bad),
		func(a): return once(ordered(a.traces.map(func(trace): return trace.scope)))
	)
	await ask(
		"getScopeDeck",
		func(ok, bad): traces(game).get_scope_deck("Mill", "", "", 0, NEWEST, 0, "", ok, bad),
		func(a): return [a.scope] + a.traces.map(func(trace): return trace.type)
	)
	await ask(
		"getTrace",
		func(ok, bad): traces(game).get_trace(ids[1], "", ok, bad),
		func(a): return [a.kind, a.scope] + a.text
	)
	var met: Trace = await ask(
		"getTrace",
		func(ok, bad): traces(game).get_trace(ids[2], "", ok, bad),
		func(a): return [a.kind, a.rank_value, a.duration_ms]
	)
	await ask("getTrace", func(ok, bad): traces(game).get_trace("999999", "", ok, bad))
	await ask(
		"getRecording",
		func(ok, bad): recordings(game).get_recording(met.recording_id, "", "", "", ok, bad),
		func(a): return [a.complete, a.look] + whole(a.t_ms)
	)

	# Searches and the feed
	var size := func(a): return [a.items.size(), a.more]
	var kinds := func(a): return a.items.map(func(trace): return trace.kind)
	var recent := search("recent")
	recent.limit = 3
	var page: SearchPage = await ask("queryTraces", query(game, recent), size)
	recent.after = page.next
	await ask("queryTraces", query(game, recent), size)
	var near := search("near")
	near.near = [1, 2, 3]
	near.radius = 1.5
	await ask("queryTraces", query(game, near), kinds)
	var ahead := search("ahead")
	ahead.rank_value = 60
	ahead.ahead = 5
	await ask(
		"queryTraces", query(game, ahead), func(a): return a.items.map(func(trace): return trace.rank_value)
	)
	await ask("queryTraces", query(both, search("own")), kinds)
	var happened := func(a): return [a.more] + a.items.map(func(item): return item.what)
	var feed: FeedPage = await ask(
		"getChanges", func(ok, bad): traces(game).get_changes("", [SCOPE], 0, "", "0", PAGE, ok, bad), happened
	)
	await ask(
		"getChanges", func(ok, bad): traces(game).get_changes("", [SCOPE], 1, "", feed.next, PAGE, ok, bad), happened
	)
	await ask("listOwnTraces", func(ok, bad): traces(mira).list_own_traces("", 2, ok, bad), size)
	var change := TraceChange.new()
	change.revision = 1
	change.text = ["Try jumping"]
	var change_note := func(ok, bad): traces(mira).change_trace(ids[1], change, ok, bad)
	await ask("changeTrace", change_note, func(a): return [a.revision] + a.text)
	await ask("changeTrace", change_note)
	var third := TraceChange.new()
	third.revision = 2
	third.text = ["Try swimming"]
	await ask(
		"changeTraceByPost",
		func(ok, bad): traces(mira).change_trace_by_post(ids[1], third, "", ok, bad),
		func(a): return [a.revision] + a.text
	)

	# Votes and the inbox
	var count := func(a): return [a.vote if a.vote else null, a.good, a.poor]
	await ask("voteForTrace", vote(noor, ids[1], "good"), count)
	await ask("withdrawVote", func(ok, bad): votes(noor).withdraw_vote(ids[1], "", ok, bad), count)
	var good := VoteRequest.new()
	good.vote = "good"
	await ask(
		"voteForTraceByPost",
		func(ok, bad): votes(noor).vote_for_trace_by_post(ids[1], good, "", "", ok, bad),
		count
	)
	await ask(
		"withdrawVoteByPost", func(ok, bad): votes(noor).withdraw_vote_by_post(ids[1], "", "", ok, bad), count
	)
	await ask("voteForTrace", vote(noor, ids[1], "poor"), count)
	await ask("voteForTrace", vote(mira, ids[1], "good"))
	var statuses := func(a): return [a.failed] + a.results.map(func(result): return result.status)
	var ballots := VoteBatch.new()
	ballots.votes = [{"trace_id": ids[1], "vote": "good"}, {"trace_id": "999999", "vote": "good"}]
	await ask(
		"voteForTraces",
		func(ok, bad): votes(noor).vote_for_traces(ballots, "", ok, bad),
		func(a): return statuses.call(a) + [a.results[1].code]
	)
	await ask("recordTraceUse", func(ok, bad): votes(noor).record_trace_use(ids[2], "", "", ok, bad))
	var uses := UseBatch.new()
	uses.uses = [{"trace_id": ids[2]}, {"trace_id": ids[0]}]
	await ask("recordTraceUses", func(ok, bad): votes(noor).record_trace_uses(uses, "", ok, bad), statuses)
	var report := Report.new()
	report.reason = "spam"
	report.note = "again and again"
	await ask("reportTrace", func(ok, bad): moderation(noor).report_trace(ids[4], report, "", ok, bad))
	await ask(
		"reportTraceByPost",
		func(ok, bad): moderation(noor).report_trace_by_post(ids[4], report, "", "", ok, bad)
	)
	await ask("getInbox", func(ok, bad): votes(mira).get_inbox("", PAGE, ok, bad), happened)
	var mira_id := mira_in.player_id
	var hidden := func(a): return a.items.map(func(author): return author.player_id == mira_id)
	var list_hidden := func(ok, bad): moderation(noor).list_hidden_authors("", PAGE, ok, bad)
	await ask("hideAuthor", func(ok, bad): moderation(noor).hide_author(mira_id, ok, bad))
	await ask("listHiddenAuthors", list_hidden, hidden)
	await ask("showAuthor", func(ok, bad): moderation(noor).show_author(mira_id, ok, bad))
	await ask("listHiddenAuthors", list_hidden, hidden)
	await ask("hideAuthorByPost", func(ok, bad): moderation(noor).hide_author_by_post(mira_id, "", ok, bad))
	await ask("showAuthorByPost", func(ok, bad): moderation(noor).show_author_by_post(mira_id, "", ok, bad))
	await ask(
		"getGame",
		func(ok, bad): studios(game).get_game("", ok, bad),
		func(a):
			var names: Array = ordered(a.kinds.map(func(kind): return kind.kind))
			return [a.game, a.environment, a.kind] + names
	)
	await ask("getGame", func(ok, bad): studios(nobody).get_game("", ok, bad))
	await ask("withdrawTrace", func(ok, bad): traces(mira).withdraw_trace(ids[0], ok, bad))
	var left_id: String = left_by_noor.results[0].id
	await ask("withdrawTraceByPost", func(ok, bad): traces(noor).withdraw_trace_by_post(left_id, "", ok, bad))
	var known := KnownTraces.new()
	known.ids = [ids[0], ids[1], ids[2]]
	await ask(
		"syncTraces",
		func(ok, bad): traces(noor).sync_traces(known, "", ok, bad),
		func(a):
			var reasons: Array = a.gone.map(func(gone): return gone.reason)
			return reasons + a.changed.map(func(trace): return trace.revision)
	)
	await ask(
		"getChanges",
		func(ok, bad): traces(game).get_changes("", [SCOPE], 0, "", feed.next, PAGE, ok, bad),
		func(a): return [a.items[-1].what, a.items[-1].reason]
	)


func recording() -> Recording:
	var columns := Recording.new()
	columns.content_version = 3
	columns.complete = true
	columns.look = "red cloak"
	columns.t_ms = [0, 100, 200]
	columns.pos = [0, 0, 0, 1, 0, 0, 2, 0, 0.5]
	columns.rot = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]
	columns.event_ms = [100]
	columns.event_code = [7]
	columns.event_arg = [-1]
	return columns


func trace(ref: String, kind: String, pos: Array) -> NewTrace:
	var request := NewTrace.new()
	request.ref = ref
	request.kind = kind
	request.scope = SCOPE
	request.pos = pos
	return request


func leave(config: ApiConfig, request: NewTrace) -> Callable:
	var body := NewTraces.new()
	body.traces = [request.bzz_normalize()]
	return func(ok, bad): traces(config).leave_traces(body, "", ok, bad)


func search(mode: String) -> Search:
	var request := Search.new()
	request.mode = mode
	request.scopes = [SCOPE]
	return request


func query(config: ApiConfig, request: Search) -> Callable:
	return func(ok, bad): traces(config).query_traces(request, "", "", ok, bad)


func vote(config: ApiConfig, id: String, word: String) -> Callable:
	var request := VoteRequest.new()
	request.vote = word
	return func(ok, bad): votes(config).vote_for_trace(id, request, "", ok, bad)


func ordered(values: Array) -> Array:
	values.sort()
	return values


func once(values: Array) -> Array:
	var found := []
	for value in values:
		if value not in found:
			found.append(value)
	return found


## Godot's JSON has floating-point numbers only.
func whole(values: Array) -> Array:
	return values.map(func(value): return int(value))
