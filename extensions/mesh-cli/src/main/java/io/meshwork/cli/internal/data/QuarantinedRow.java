package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person reads of a quarantined row.
 *
 * @param place its file and line, or its number in the publish
 * @param value the column that breaks the first rule, and its value; a dash if the rule has several
 * @param why the reasons
 */
record QuarantinedRow(String place, String value, String why) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The end of a reason of a row that was read from a file. */
  private static final Pattern PLACE =
      Pattern.compile("(.*) \\((.+), line (\\d+)\\)", Pattern.DOTALL);

  /** The kind of a rule, before the column in its ID. */
  private static final Pattern KIND = Pattern.compile("^[^.:]+[.:]");

  private static final String MALFORMED = "does not fit its columns: ";

  static QuarantinedRow of(JsonNode row) {
    String reason = row.path("reason").asText();
    Matcher place = PLACE.matcher(reason);
    boolean placed = place.matches();
    String why = placed ? place.group(1) : reason;
    return new QuarantinedRow(
        placed
            ? place.group(2) + ":" + place.group(3)
            : "row " + row.path("row_number").asText() + " of the publish",
        value(row).map(cell -> cell.getKey() + " = " + cell.getValue()).orElse("–"),
        why.startsWith(MALFORMED) ? why.substring(MALFORMED.length()) : why);
  }

  private static Optional<Map.Entry<String, JsonNode>> value(JsonNode row) {
    String rule = row.path("rules").asText().split(",", 2)[0];
    String column = KIND.matcher(rule).replaceFirst("");
    return Optional.ofNullable(values(row.path("row").asText()).get(column))
        .map(value -> Map.entry(column, value));
  }

  private static JsonNode values(String row) {
    try {
      return JSON.readTree(row);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode(); // then the row is shown whole
    }
  }
}
