# Runs statements and questions in a ClickHouse inside this process: JSON in (statements, questions), JSON out (rows of each).
import json
import re
import sys

from chdb import session

asked = json.load(sys.stdin)
engine = session.Session(asked["folder"])
without_comments = re.sub(r"^--.*$", "", asked["definitions"], flags=re.M)
statements = [text for text in without_comments.split(";\n") if text.strip()]
for text in ["CREATE DATABASE IF NOT EXISTS obs", "USE obs", *statements, *asked["statements"]]:
    engine.query(text)
settings = " SETTINGS output_format_json_quote_64bit_integers = 0, output_format_json_quote_denormals = 0 FORMAT JSON"
answers = {name: json.loads(str(engine.query(text + settings)))["data"] for name, text in asked["questions"].items()}
print(json.dumps(answers))
