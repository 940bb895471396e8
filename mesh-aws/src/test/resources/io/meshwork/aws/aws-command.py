"""The part of the AWS CLI that the commands of mirrors use, over botocore, which checks all parameters."""

import json
import os
import sys

import botocore.session
import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError


def value_of(shape, words):
    text = words[0] if words else ""
    if shape.type_name in ("structure", "map", "list") and text.startswith(("{", "[")):
        return json.loads(text)
    if shape.type_name == "list":
        return words
    if shape.type_name == "structure":
        return dict(pair.split("=", 1) for pair in text.split(","))
    if len(words) != 1:
        raise ValueError("one value is expected: " + " ".join(words))
    return int(text) if shape.type_name in ("integer", "long") else text


def options_of(words):
    options = {}
    name = None
    for word in words:
        if word.startswith("--"):
            name = word[2:]
            options[name] = []
        else:
            options[name].append(word)
    return options


def parameters_of(shape, options):
    names = {xform_name(member, "-"): member for member in shape.members}
    parameters = {}
    for option, words in options.items():
        positive = option[3:] if option.startswith("no-") and option not in names else option
        member = names[positive]
        boolean = shape.members[member].type_name == "boolean"
        parameters[member] = (
            positive == option if boolean else value_of(shape.members[member], words)
        )
    return parameters


def main(service, command, words):
    options = options_of(words)
    region = options.pop("region")[0]
    query = options.pop("query", [None])[0]
    text = options.pop("output", ["json"])[0] == "text"
    client = botocore.session.get_session().create_client(
        {"s3api": "s3"}.get(service, service),
        region_name=region,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
    )
    method = command.replace("-", "_")
    operation = client.meta.method_to_api_mapping[method]
    shape = client.meta.service_model.operation_model(operation).input_shape
    response = getattr(client, method)(**parameters_of(shape, options))
    response.pop("ResponseMetadata", None)
    found = jmespath.search(query, response) if query else response
    if text:
        print("\t".join(map(str, found)) if isinstance(found, list) else found)
    else:
        print(json.dumps(found, default=str))


try:
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
except (KeyError, ValueError, ParamValidationError) as failure:
    print(f"not valid: {failure!r}", file=sys.stderr)
    sys.exit(252)
except ClientError as failure:
    print(failure, file=sys.stderr)
    sys.exit(254)
