//! The description of the API: committed, complete, true; and the pages that show it.

use serde_json::Value;

use crate::support::{Backend, OPENAPI, Place, document::DOCUMENT, process::cairn, run};

fn committed() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_committed_openapi_document_is_the_generated_one() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let output = cairn(&place, &["openapi"]).output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed == OPENAPI, "openapi.json is not the program's: run `make openapi`");
    run(Backend::Embedded, async |cairn| {
        let served = cairn.get("/openapi.json").send().await.unwrap();
        assert_eq!(served.headers()["content-type"], "application/json");
        assert!(served.text().await.unwrap() == printed);
    })
    .await;
}

#[test]
fn it_is_openapi_3_0() {
    let document: openapiv3::OpenAPI = serde_json::from_value(committed()).unwrap();
    assert!(document.openapi.starts_with("3.0."));
}

#[test]
fn every_operation_is_described_whole() {
    let document = committed();
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            operations += 1;
            for member in ["operationId", "summary"] {
                assert!(operation[member].as_str().is_some_and(|text| !text.is_empty()), "{name}: {member}");
            }
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}: tags");
            let responses = operation["responses"].as_object().unwrap();
            let good = responses.iter().filter(|(status, _)| status.starts_with('2'));
            let good = good.map(|(_, response)| DOCUMENT.followed(response));
            // A 204 has no body.
            let contents = good.filter_map(|response| response["content"].as_object());
            for content in contents.flat_map(|contents| contents.values()) {
                assert!(has_example(&document, &content["schema"]), "{name}: an example of its answer");
            }
            if let Some(body) = operation.get("requestBody") {
                for content in body["content"].as_object().unwrap().values() {
                    assert!(has_example(&document, &content["schema"]), "{name}: an example of its body");
                }
                for status in ["400", "413", "415", "422", "503"] {
                    let response = DOCUMENT.followed(&responses[status]);
                    let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(problem, "#/components/schemas/Problem", "{name}: {status}");
                }
            }
        }
    }
    assert!(operations >= 5, "{operations}");
}

#[test]
fn every_example_fits_its_schema() {
    let schemas = DOCUMENT.whole["components"]["schemas"].as_object().unwrap();
    let mut examples = 0;
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema.get("example").is_some()) {
        examples += 1;
        assert_eq!(DOCUMENT.faults(schema, &schema["example"]), Vec::<String>::new(), "{name}");
    }
    for (path, methods) in DOCUMENT.whole["paths"].as_object().unwrap() {
        for parameter in methods.as_object().unwrap().values().filter_map(|one| one["parameters"].as_array()).flatten()
        {
            let parameter = DOCUMENT.followed(parameter);
            examples += 1;
            let faults = DOCUMENT.faults(&parameter["schema"], &parameter["schema"]["example"]);
            assert_eq!(faults, Vec::<String>::new(), "{path}: {}", parameter["name"]);
        }
    }
    assert!(examples >= 50, "{examples}");
}

#[test]
fn every_operation_says_who_may_call_it() {
    for methods in DOCUMENT.whole["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            assert!(operation["security"].is_array(), "{}", operation["operationId"]);
        }
    }
}

fn has_example(document: &Value, schema: &Value) -> bool {
    match schema["$ref"].as_str() {
        Some(reference) => has_example(document, document.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema.get("example").is_some(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_example_gives_the_response_example() {
    run(Backend::Embedded, async |cairn| {
        let schemas = &committed()["components"]["schemas"];
        cairn.leave(&schemas["AddObjectRequest"]["example"]).await;
        assert_eq!(cairn.world().await, schemas["V0World"]["example"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_pages_need_no_other_host() {
    run(Backend::Embedded, async |cairn| {
        for path in ["/docs", "/redoc"] {
            let answer = cairn.get(path).send().await.unwrap();
            assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
            let page = answer.text().await.unwrap();
            for tag in page
                .split('<')
                .filter(|tag| ["script ", "link ", "img ", "iframe "].iter().any(|name| tag.starts_with(name)))
            {
                let head: String = tag.chars().take_while(|letter| *letter != '>').collect();
                assert!(
                    !head.contains("http:") && !head.contains("https:") && !head.contains("=\"//"),
                    "{path}: {head}"
                );
            }
            assert!(page.contains("getObjects"), "{path} holds the description");
        }
    })
    .await;
}
