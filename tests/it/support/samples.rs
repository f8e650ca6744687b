//! Bodies for `POST /add-object`.

use serde_json::{Value, json};

/// An object, a message and a phantom of one author, all marked with `mark`.
pub fn all_three(author: &str, mark: &str) -> Value {
    let (object, message, phantom) = (object(author, mark), message(author, mark), phantom(author, mark));
    json!({"obj": object, "message": message, "phantom": phantom})
}

pub fn object(author: &str, mark: &str) -> Value {
    json!({"u_uuid": author, "o_type": 7, "o_pos": "10.5,20.0,30.2", "o_rot": mark})
}

pub fn message(author: &str, mark: &str) -> Value {
    json!({"u_uuid": author, "part1": mark, "part2": "try", "part3": "climbing"})
}

pub fn phantom(author: &str, mark: &str) -> Value {
    json!({"u_uuid": author, "data": [["10.5,20.0,30.2", "0.0,0.0,0.0,1.0"], [mark, ""]]})
}
