package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Classification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractJsonTest {
  private static final Contract PEOPLE =
      Contract.fromAvroText(
              "{'type':'record','name':'Person','doc':'one','fields':[".replace('\'', '"')
                  + "{'name':'id','type':'long','owner':'avro keeps it'},".replace('\'', '"')
                  + "{'name':'ssn','type':'string'}]}".replace('\'', '"'))
          .require(
              Rule.notNull("id").warn().description("always").dimension(Rule.Dimension.ACCURACY))
          .primaryKey("id")
          .describeColumn("ssn", "social security number")
          .classification(Classification.CONFIDENTIAL, "ssn")
          .freshWithin(java.time.Duration.ofHours(3))
          .compatibility(Compatibility.BACKWARD)
          .requireFourEyes();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "columnClassifications | columnClassification | columnClassification |"
            + " columnClassifications",
        "onViolation | onviolation | onviolation | onViolation",
        "maxQuarantineShare | MaxQuarantineShare | MaxQuarantineShare | maxQuarantineShare",
        "fourEyes | foureyes | foureyes | fourEyes",
        "primaryKey | primarykey | primarykey | primaryKey",
        "severity | severty | rules[0].severty | severity",
        "dimension | dimensions | rules[0].dimensions | dimension",
      })
  void aMisspelledKeyIsRejectedWithTheNearestName(
      String key, String misspelt, String place, String nearest) {
    String json = PEOPLE.toJson().replace("\"" + key + "\":", "\"" + misspelt + "\":");

    assertThatThrownBy(() -> Contract.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("unknown key '" + place + "'", "Did you mean '" + nearest + "'?")
        .satisfies(e -> assertThat(e.getMessage().split("MESH-", -1)).hasSize(2));
  }

  @Test
  void anUnknownKeyIsRejectedWithAHintToExtensions() {
    String json = PEOPLE.toJson().replaceFirst("\\{", "{\"x-lineage\":[],");

    assertThatThrownBy(() -> Contract.fromJson(json))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONTRACT_INVALID))
        .hasMessageContainingAll("'x-lineage'", "'extensions'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"maxQuarantineShare\":10 | \"maxQuarantineShare\":\"2\" | maxQuarantineShare | a number",
        "\"description\":\"\" | \"description\":5 | description | text",
        "\"fourEyes\":true | \"fourEyes\":\"no\" | fourEyes | true or false",
        "\"primaryKey\":[\"id\"] | \"primaryKey\":\"id\" | primaryKey | an array",
        "\"primaryKey\":[\"id\"] | \"primaryKey\":[1] | primaryKey[0] | text",
        "\"ssn\":\"CONFIDENTIAL\" | \"ssn\":2 | columnClassifications.ssn | text",
        "\"ssn\":\"CONFIDENTIAL\" | \"ssn\":\"SECRET\" | columnClassifications.ssn | RESTRICTED",
        "\"onViolation\":\"REJECT\" | \"onViolation\":null | onViolation | text",
        "\"onViolation\":\"REJECT\" | \"onViolation\":\"quarantine\" | onViolation | QUARANTINE",
        "\"freshWithin\":\"PT3H\" | \"freshWithin\":\"3h\" | freshWithin | PT1H",
        "\"severity\":\"WARN\" | \"severity\":\"warning\" | rules[0].severity | ERROR, WARN",
        "\"dimension\":\"ACCURACY\" | \"dimension\":\"DEPTH\" | rules[0].dimension | TIMELINESS",
        "\"rules\":[ | \"rules\":[\"notNull(id)\", | rules[0] | an object",
        "\"compatibility\":\"BACKWARD\" | \"compatibility\":\"BACK\" | compatibility | BACKWARD",
      })
  void aValueOfAnotherTypeIsRejectedAndNotReplacedByTheDefault(
      String right, String wrong, String place, String needed) {
    assertThat(PEOPLE.toJson()).contains(right);

    assertThatThrownBy(() -> Contract.fromJson(PEOPLE.toJson().replace(right, wrong)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'" + place + "'", needed);
  }

  @Test
  void extensionsOfOtherToolsArePreservedAndTheirChangeIsAPatch() {
    String added = "{\"extensions\":{\"org.example\":{\"steps\":[1.50,{\"a\":null}]}},";
    Contract extended = Contract.fromJson(PEOPLE.toJson().replaceFirst("\\{", added));

    assertThat(extended.toJson()).contains("{\"org.example\":{\"steps\":[1.5,{\"a\":null}]}}");
    assertThat(Contract.fromJson(extended.toJson())).isEqualTo(extended);
    assertThat(extended.description("people").toJson()).contains("org.example");
    assertThat(PEOPLE.differenceTo(extended).toString()).startsWith("patch").contains("extensions");
    assertThatThrownBy(
            () -> Contract.fromJson(PEOPLE.toJson().replaceFirst("\\{", "{\"extensions\":[],")))
        .hasMessageContaining("an object");
  }

  @Test
  void thePropertiesOfTheSchemaAreAvrosAndStay() {
    assertThat(Contract.fromJson(PEOPLE.toJson()).schema().getField("id").getProp("owner"))
        .isEqualTo("avro keeps it");
  }

  @Test
  void aContractThatAnotherVersionStoredIsReadWithItsUnknownKeys() {
    String stored =
        PEOPLE
            .toJson()
            .replaceFirst("\\{", "{\"zeta\":{\"a\":1},")
            .replace("\"severity\":", "\"since\":\"1.0.0\",\"severity\":");

    Contract read = Contract.fromStoredJson(stored);

    assertThat(read.rules()).isEqualTo(PEOPLE.rules());
    assertThat(read.toJson()).contains("\"zeta\":{\"a\":1}");
    assertThatThrownBy(() -> Contract.fromJson(read.toJson())).hasMessageContaining("'zeta'");
  }
}
