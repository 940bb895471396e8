package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  private static final String TWO_FORMS =
      """
      {"type": "object",
       "oneOf": [
         {"properties": {"event": {"const": "grown"}, "details": {"$ref": "#/$defs/grown"}}},
         {"properties": {"event": {"const": "cut"}, "details": {"type": "string"}}}],
       "$defs": {
         "grown": {"required": ["by"], "additionalProperties": false,
           "properties": {"by": {"type": "integer", "minimum": 1}}}}}
      """;

  private static JsonSchema schema(String json) throws JsonProcessingException {
    return new JsonSchema(new ObjectMapper().readTree(json));
  }

  @Test
  void aValueOfEitherFormIsValid() throws JsonProcessingException {
    JsonSchema schema = schema(TWO_FORMS);

    assertThat(schema.faults("{\"event\": \"grown\", \"details\": {\"by\": 1}}")).isEmpty();
    assertThat(schema.faults("{\"event\": \"cut\", \"details\": \"all\"}")).isEmpty();
  }

  @Test
  void theViolationsOfTheNearestFormAreReported() throws JsonProcessingException {
    JsonSchema schema = schema(TWO_FORMS);

    assertThat(schema.faults("{\"event\": \"grown\", \"details\": {\"by\": 0}}"))
        .containsExactly("$ follows 0 of 2 forms: [$.details.by is less than 1]");
    assertThat(schema.faults("{\"event\": \"grown\", \"details\": {\"more\": 1}}"))
        .containsExactly(
            "$ follows 0 of 2 forms: "
                + "[$.details lacks \"by\", $.details has an unknown field more]");
  }

  @Test
  void aValueOfBothFormsIsInvalid() throws JsonProcessingException {
    assertThat(schema(TWO_FORMS).faults("{}")).containsExactly("$ follows 2 of 2 forms: []");
  }

  @Test
  void anUnknownKeywordIsAnErrorWhereverItIs() {
    assertThatThrownBy(() -> schema("{\"oneOf\": [{\"properties\": {\"a\": {\"maxLength\": 1}}}]}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("maxLength");
  }
}
