"""The part of the AWS CLI that the commands of mirrors use, over botocore, which checks all parameters.

Started with the path of a socket, it serves commands there, because loading botocore takes longer than most
commands. A request is a line with the arguments of a command and its environment, and a reply one with its output
and exit code. It prints a line when it is ready, and ends with its standard input.
"""

import json
import os
import socketserver
import sys
import threading

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


SESSION = botocore.session.get_session()


def run(service, command, words, environment):
    options = options_of(words)
    region = options.pop("region")[0]
    query = options.pop("query", [None])[0]
    text = options.pop("output", ["json"])[0] == "text"
    client = SESSION.create_client(
        {"s3api": "s3"}.get(service, service),
        region_name=region,
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=environment["AWS_SESSION_TOKEN"],
    )
    method = command.replace("-", "_")
    operation = client.meta.method_to_api_mapping[method]
    shape = client.meta.service_model.operation_model(operation).input_shape
    response = getattr(client, method)(**parameters_of(shape, options))
    response.pop("ResponseMetadata", None)
    found = jmespath.search(query, response) if query else response
    if text:
        return "\t".join(map(str, found)) if isinstance(found, list) else str(found)
    return json.dumps(found, default=str)


def reply(words, environment):
    try:
        return 0, run(words[0], words[1], words[2:], environment)
    except (KeyError, ValueError, ParamValidationError) as failure:
        return 252, f"not valid: {failure!r}"
    except ClientError as failure:
        return 254, str(failure)


class Commands(socketserver.StreamRequestHandler):
    def handle(self):
        request = json.loads(self.rfile.readline())
        code, output = reply(request["words"], request["environment"])
        self.wfile.write(json.dumps({"code": code, "output": output}).encode() + b"\n")


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
with socketserver.UnixStreamServer(sys.argv[1], Commands) as server:
    print("ready", flush=True)
    server.serve_forever()
