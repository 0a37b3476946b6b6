"""Holds the examples of a description against their schemas: examples.py OPENAPI.JSON. Ends with 1 and the faults if one does not fit.

Objects may hold nothing that their schema does not name.
"""

import json
import sys

from jsonschema import Draft202012Validator


def strict(schema):
    """The same schema, in which objects hold only what is named."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: value if key in ("examples", "enum", "default") else strict(value) for key, value in schema.items()}
    if "properties" in schema and not {"allOf", "anyOf", "oneOf"} & schema.keys():
        schema.setdefault("additionalProperties", False)
    return schema


with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
components = {"components": {"schemas": strict(document["components"]["schemas"])}}
faults, seen = [], 0
for name, schema in components["components"]["schemas"].items():
    for example in schema.get("examples", []):
        seen += 1
        whole = {"$ref": f"#/components/schemas/{name}", **components}
        for fault in Draft202012Validator(whole).iter_errors(example):
            faults.append(f"{name}{fault.json_path[1:]}: {fault.message[:300]}")
print("\n".join(faults))
assert seen > 50, f"only {seen} examples"
sys.exit(1 if faults else 0)
