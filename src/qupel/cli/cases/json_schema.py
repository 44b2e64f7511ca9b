"""The part of JSON Schema (draft 2020-12) that the schemas beside use; any other keyword is an error."""
import json
import pathlib
import re

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "schema"  # where references to other files lead
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
NOTES = {"$schema", "$defs", "title", "description"}


def is_type(value, name):
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def violations(value, schema, root=None, where="$"):
    """Every place where the value breaks the schema, as sentences."""
    root = root or schema
    if "$ref" in schema:
        file, _, path = schema["$ref"].partition("#")
        base = json.loads((SCHEMAS / file).read_text()) if file else root
        target = base
        for part in path.split("/")[1:]:
            target = target[part]
        yield from violations(value, target, base, where)
    for key, rule in schema.items():
        if key == "type":
            names = rule if isinstance(rule, list) else [rule]
            if not any(is_type(value, name) for name in names):
                yield f"{where} is {value!r}, not of type {rule}"
                return
        elif key == "enum" and value not in rule:
            yield f"{where} is {value!r}, not one of {rule}"
        elif key == "const" and value != rule:
            yield f"{where} is {value!r}, not {rule!r}"
        elif key == "pattern" and not re.search(rule, value):
            yield f"{where} is {value!r}, which does not match {rule}"
        elif key == "minimum" and value is not None and value < rule:
            yield f"{where} is {value}, below {rule}"
        elif key == "maximum" and value is not None and value > rule:
            yield f"{where} is {value}, above {rule}"
        elif key == "required":
            yield from (f"{where} lacks {name}" for name in rule if name not in value)
        elif key == "items":
            for i, item in enumerate(value):
                yield from violations(item, rule, root, f"{where}[{i}]")
        elif key == "properties":
            for name, inner in rule.items():
                if name in value:
                    yield from violations(value[name], inner, root, f"{where}.{name}")
        elif key == "additionalProperties":
            for name in value.keys() - schema.get("properties", {}).keys():
                if rule is False:
                    yield f"{where} has an unknown key {name}"
                else:
                    yield from violations(value[name], rule, root, f"{where}.{name}")
        elif key not in NOTES | {"$ref", "enum", "const", "pattern", "minimum", "maximum"}:
            raise ValueError(f"json_schema.py does not know the keyword {key}")
