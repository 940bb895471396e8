package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.consume.Read.WaitingRows.WaitingRow;
import java.util.Map;
import java.util.Optional;
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

  /** The kind of a rule, before the column in its ID. */
  private static final Pattern KIND = Pattern.compile("^[^.:]+[.:]");

  private static final String MALFORMED = "does not fit its columns: ";

  static QuarantinedRow of(WaitingRow row) {
    String why = row.reason();
    return new QuarantinedRow(
        row.place()
            .map(place -> place.replaceFirst(", line ([0-9]+)$", ":$1"))
            .orElseGet(() -> "row " + row.rowText() + " of the publish"),
        value(row).map(cell -> cell.getKey() + " = " + cell.getValue()).orElse("–"),
        why.startsWith(MALFORMED) ? why.substring(MALFORMED.length()) : why);
  }

  private static Optional<Map.Entry<String, JsonNode>> value(WaitingRow row) {
    String rule = row.rules().split(",", 2)[0];
    String column = KIND.matcher(rule).replaceFirst("");
    return Optional.ofNullable(values(row.row()).get(column))
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
