package io.meshwork.internal.contract;

import static io.meshwork.contract.Rule.notNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContractSuccessionTest {
  private static final String ENUM_A = "{'type':'enum','name':'E','symbols':['A','Z']}";

  @Test
  void theGoldenHistoriesHoldUnderTheModesWrittenDown() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/contracts/compat-sequences.json")) {
      for (JsonNode history : new ObjectMapper().readTree(file)) {
        List<Schema> schemas = new ArrayList<>();
        history
            .path("schemas")
            .forEach(schema -> schemas.add(new Schema.Parser().parse(schema.toString())));
        Schema last = schemas.remove(schemas.size() - 1);
        for (Map.Entry<String, JsonNode> mode : history.path("lastAgainstEarlier").properties()) {
          assertThat(Compatibility.parse(mode.getKey()).holds(last, schemas))
              .as("%s under %s", history.path("id").asText(), mode.getKey())
              .isEqualTo(mode.getValue().booleanValue());
          assertThat(candidate(last, schemas).under(Compatibility.parse(mode.getKey())).isAllowed())
              .as("%s allowed under %s", history.path("id").asText(), mode.getKey())
              .isEqualTo(mode.getValue().booleanValue());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'int' | 'long' | NONE BACKWARD BACKWARD_TRANSITIVE",
        "'long' | 'int' | NONE FORWARD FORWARD_TRANSITIVE",
        "'string' | 'bytes' | NONE",
        "'int' | 'string' | NONE",
        "{'type':'bytes','logicalType':'decimal','precision':4}"
            + " | {'type':'bytes','logicalType':'decimal','precision':5}"
            + " | NONE BACKWARD BACKWARD_TRANSITIVE",
        "{'type':'bytes','logicalType':'decimal','precision':5}"
            + " | {'type':'bytes','logicalType':'decimal','precision':4}"
            + " | NONE FORWARD FORWARD_TRANSITIVE",
        "{'type':'enum','name':'E','symbols':['A','Z']}"
            + " | {'type':'enum','name':'E','symbols':['Z'],'default':'Z'} | NONE",
        "{'type':'enum','name':'E','symbols':['A','Z'],'default':'Z'}"
            + " | {'type':'enum','name':'E','symbols':['A','B','Z'],'default':'Z'}"
            + " | NONE BACKWARD BACKWARD_TRANSITIVE FORWARD FORWARD_TRANSITIVE FULL"
            + " FULL_TRANSITIVE"
      })
  void eachModeLetsPassWhatItDoesNotProtect(String before, String after, String expected) {
    List<String> allowing = new ArrayList<>();
    for (Compatibility mode : Compatibility.values()) {
      ContractSuccession succession = candidate(column(after), List.of(column(before))).under(mode);
      assertThat(mode.allows(succession.difference())).isEqualTo(succession.isAllowed());
      if (succession.isAllowed()) {
        allowing.add(mode.name());
        assertThat(succession.verdict()).isLessThanOrEqualTo(Verdict.MINOR);
        assertThat(succession.obstacles()).isEmpty();
      } else {
        assertThat(succession.obstacles()).isNotEmpty();
      }
      assertThat(succession.difference().changes())
          .as("findings are those of any mode")
          .isNotEmpty();
    }
    assertThat(allowing).containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void aColumnLostInSilenceBlocksWhereConsumersAreProtected() {
    Schema before = columns("{'name':'v','type':'int'},{'name':'w','type':'int','default':0}");

    for (Compatibility mode : Compatibility.values()) {
      assertThat(candidate(column("'int'"), List.of(before)).under(mode).isAllowed())
          .as(mode.name())
          .isEqualTo(!mode.protectsConsumers());
    }
  }

  @Test
  void changesThatOnlyTheModeAllowsAreListed() {
    ContractSuccession succession =
        candidate(column("'long'"), List.of(column("'int'"))).under(Compatibility.BACKWARD);

    assertThat(succession.verdict()).isEqualTo(Verdict.MINOR);
    assertThat(succession.difference().verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(succession.allowedByMode())
        .extracting(ContractDifference.Change::code)
        .containsExactly(FindingCode.CONSUMER_BREAK);
  }

  @Test
  void anEarlierVersionBlocksOnlyWhileItHasReadersOrFiles() {
    List<Schema> earlier =
        List.of(column(ENUM_A), column(ENUM_A.replace("]}", "],'default':'Z'}")));
    Schema next = column(ENUM_A.replace("'A','Z']}", "'A','B','Z'],'default':'Z'}"));
    ContractSuccession.Candidate candidate = candidate(next, earlier);

    ContractSuccession pinned = candidate.under(Compatibility.FULL_TRANSITIVE);
    assertThat(pinned.obstacles())
        .extracting(ContractSuccession.Obstacle::against)
        .containsExactly("version 1.0.0");
    assertThat(pinned.verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(candidate.readBy(Map.of()).under(Compatibility.FULL_TRANSITIVE).isAllowed())
        .isTrue();
    assertThat(
            candidate
                .readBy(Map.of("finance/dash", column(ENUM_A)))
                .under(Compatibility.FULL_TRANSITIVE)
                .obstacles())
        .extracting(ContractSuccession.Obstacle::against)
        .containsExactly("reader finance/dash");
  }

  @Test
  void aReaderThatDoesNotUseTheColumnDoesNotBreak() {
    Schema first = columns("{'name':'v','type':'int'},{'name':'w','type':'int'}");
    Schema second =
        columns(
            "{'name':'v','type':'int'},{'name':'w','type':'int'},"
                + "{'name':'x','type':'int','default':1}");
    ContractSuccession.Candidate candidate = candidate(second, List.of(first, second));

    assertThat(
            candidate
                .readBy(Map.of("a/b", column("'int'")))
                .under(Compatibility.FULL_TRANSITIVE)
                .isAllowed())
        .isTrue();
  }

  @Test
  void filesOfAnEarlierVersionBlockWhatTheyDoNotHold() {
    Schema first = column("'int'");
    Schema second = columns("{'name':'v','type':'int'},{'name':'x','type':'int','default':0}");
    Schema third = columns("{'name':'v','type':'int'},{'name':'x','type':'int'}");
    ContractSuccession.Candidate candidate = candidate(third, List.of(first, second));

    assertThat(candidate.under(Compatibility.BACKWARD_TRANSITIVE).isAllowed()).isFalse();
    assertThat(
            candidate
                .overFilesOf(Map.of("1.1.0", second))
                .under(Compatibility.BACKWARD_TRANSITIVE)
                .isAllowed())
        .isTrue();
    assertThat(
            candidate
                .overFilesOf(Map.of("1.0.0", first))
                .under(Compatibility.BACKWARD_TRANSITIVE)
                .obstacles())
        .extracting(ContractSuccession.Obstacle::against)
        .containsExactly("files of 1.0.0");
  }

  @Test
  void countingOnlyWhatIsNewLeavesOutWhatTheLastVersionBreaksAlreadyAndNothingElse() {
    Schema narrow = columns("{'name':'v','type':'int'},{'name':'w','type':'int'}");
    Schema wide = columns("{'name':'v','type':'long'},{'name':'w','type':'int'}");
    Schema both = columns("{'name':'v','type':'long'},{'name':'w','type':'long'}");
    Schema removed = columns("{'name':'v','type':'long'}");

    ContractSuccession.Candidate same = candidate(wide, List.of(narrow, wide));
    assertThat(same.under(Compatibility.FULL_TRANSITIVE).isAllowed()).isFalse();
    assertThat(same.countingOnlyWhatIsNew().under(Compatibility.FULL_TRANSITIVE).isAllowed())
        .isTrue();
    for (Schema worse : List.of(both, removed)) {
      assertThat(
              candidate(worse, List.of(narrow, wide))
                  .countingOnlyWhatIsNew()
                  .under(Compatibility.FULL_TRANSITIVE)
                  .obstacles())
          .extracting(obstacle -> obstacle.change().path())
          .containsOnly("w");
    }
    String id = "{'name':'id','type':'int'}";
    Schema before = columns(id + ",{'name':'v','type':['null','int'],'default':null}");
    Schema again = columns(id + ",{'name':'v','type':['null','string'],'default':null}");
    assertThat(
            candidate(again, List.of(before, columns(id)))
                .countingOnlyWhatIsNew()
                .under(Compatibility.FULL_TRANSITIVE)
                .obstacles())
        .as("a column that comes back as something else is new")
        .extracting(ContractSuccession.Obstacle::against)
        .contains("version 1.0.0");
  }

  @Test
  void versionsOfAnEarlierMajorDoNotCount() {
    Map<ContractVersion, Contract> versions = new LinkedHashMap<>();
    versions.put(ContractVersion.parse("1.4.0"), Contract.of(column("'string'")));
    versions.put(ContractVersion.parse("2.0.0"), Contract.of(column("'int'")));

    assertThat(
            ContractSuccession.of(Contract.of(column("'int'")).description("x"))
                .after(versions)
                .under(Compatibility.FULL_TRANSITIVE)
                .verdict())
        .isEqualTo(Verdict.PATCH);
  }

  @ParameterizedTest
  @EnumSource(Compatibility.class)
  void nothingChangedIsAllowedUnderEveryMode(Compatibility mode) {
    ContractSuccession succession =
        candidate(column("'int'"), List.of(column("'int'"))).under(mode);

    assertThat(succession.isAllowed()).isTrue();
    assertThat(succession.verdict()).isEqualTo(Verdict.NONE);
  }

  @Test
  void aFrozenContractTakesNoChangeAtAll() {
    Contract old = Contract.of(column("'int'"));
    ContractSuccession succession =
        ContractSuccession.of(old.description("x"))
            .after(Map.of(ContractVersion.FIRST, old))
            .under(Compatibility.DISABLED);

    assertThat(succession.isAllowed()).isFalse();
    assertThat(succession.obstacles()).hasSize(1);
  }

  @Test
  void aChangeOfTheModeIsEvaluatedUnderBothAndTheStricterCounts() {
    ContractSuccession.Candidate candidate = candidate(column("'long'"), List.of(column("'int'")));

    assertThat(
            List.of(
                candidate.underBoth(Compatibility.FULL_TRANSITIVE, Compatibility.NONE),
                candidate.underBoth(Compatibility.NONE, Compatibility.FULL_TRANSITIVE)))
        .allSatisfy(
            succession -> {
              assertThat(succession.mode()).isEqualTo(Compatibility.FULL_TRANSITIVE);
              assertThat(succession.isAllowed()).isFalse();
            });
    assertThat(candidate.underBoth(Compatibility.NONE, Compatibility.BACKWARD).isAllowed())
        .isTrue();
    assertThat(
            candidate(column("'int'"), List.of(column("'int'")))
                .underBoth(Compatibility.DISABLED, Compatibility.FULL)
                .isAllowed())
        .as("a frozen contract is thawed by a change of the mode alone")
        .isTrue();
  }

  @Test
  void aContractIsEvaluatedUnderItsModeAndTheEarlierOne() {
    Contract old = Contract.of(column("'int'"));
    Contract weaker = Contract.of(column("'long'")).compatibility(Compatibility.BACKWARD);

    assertThat(follow(old, weaker).isAllowed()).as("the old mode counts").isFalse();
    assertThat(follow(old.compatibility(Compatibility.NONE), weaker).isAllowed()).isTrue();
    assertThat(follow(old, old.compatibility(Compatibility.NONE)).verdict())
        .as("a change of the mode alone")
        .isEqualTo(Verdict.PATCH);
  }

  @Test
  void aFrozenContractIsThawedBeforeItChanges() {
    Contract frozen = Contract.of(column("'int'")).compatibility(Compatibility.DISABLED);
    Contract thawed = frozen.compatibility(Compatibility.FULL_TRANSITIVE);

    assertThat(follow(frozen, thawed).isAllowed()).isTrue();
    assertThat(follow(frozen, thawed.description("x")).isAllowed()).isFalse();
    assertThat(follow(thawed, thawed.description("x")).isAllowed()).isTrue();
  }

  @Test
  void theModeIsPartOfTheContractAndTheDefaultIsNotWritten() {
    Contract plain = Contract.of(column("'int'"));
    Contract forward = plain.compatibility(Compatibility.FORWARD);

    assertThat(plain.toJson()).doesNotContain("compatibility");
    assertThat(plain.compatibility()).isEqualTo(Compatibility.FULL_TRANSITIVE);
    assertThat(Contract.fromJson(forward.toJson()).compatibility())
        .isEqualTo(Compatibility.FORWARD);
    assertThat(forward).isNotEqualTo(plain);
  }

  @Test
  void aWeakerRuleBlocksUnlessNoReaderIsProtected() {
    Contract plain = Contract.of(column("['null','int']"));
    ContractSuccession.Candidate candidate =
        ContractSuccession.of(plain)
            .after(Map.of(ContractVersion.FIRST, plain.require(notNull("v"))));

    assertThat(candidate.under(Compatibility.BACKWARD).isAllowed()).isFalse();
    assertThat(candidate.under(Compatibility.NONE).isAllowed()).isTrue();
  }

  @Test
  void withoutAnEarlierVersionThereIsNothingToFollow() {
    assertThatThrownBy(
            () -> ContractSuccession.of(Contract.of(column("'int'"))).under(Compatibility.FULL))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("after(...)");
  }

  @Test
  void modesGoByTheNamesOfBothRegistries() {
    assertThat(Compatibility.parse("FULL_ALL")).isEqualTo(Compatibility.FULL_TRANSITIVE);
    assertThat(Compatibility.parse("backward_transitive"))
        .isEqualTo(Compatibility.BACKWARD_TRANSITIVE);
    assertThat(Compatibility.DISABLED.confluentName()).isEmpty();
    for (Compatibility mode : Compatibility.values()) {
      assertThat(Compatibility.parse(mode.glueName())).isEqualTo(mode);
      mode.confluentName().ifPresent(name -> assertThat(Compatibility.parse(name)).isEqualTo(mode));
    }
    assertThatThrownBy(() -> Compatibility.parse("SIDEWAYS"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("SIDEWAYS", "BACKWARD_TRANSITIVE", "_ALL");
    assertThatThrownBy(() -> Compatibility.parse(null)).isInstanceOf(InvalidRequestException.class);
  }

  @ParameterizedTest
  @CsvSource({"NONE, 1.2.3", "PATCH, 1.2.4", "MINOR, 1.3.0", "AMENDMENT, 1.3.0", "MAJOR, 2.0.0"})
  void theVerdictChoosesTheVersion(Verdict verdict, String expected) {
    assertThat(ContractVersion.parse("1.2.3").next(verdict)).hasToString(expected);
  }

  @Test
  void aRefusedChangeHasNoVersion() {
    assertThatThrownBy(() -> ContractVersion.FIRST.next(Verdict.REFUSED))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new ContractVersion(1, 2, Integer.MAX_VALUE).next(Verdict.PATCH))
        .isInstanceOf(InvalidRequestException.class);
  }

  private static ContractSuccession follow(Contract last, Contract next) {
    return ContractSuccession.of(next).after(Map.of(ContractVersion.FIRST, last)).evaluate();
  }

  private static ContractSuccession.Candidate candidate(Schema next, List<Schema> earlier) {
    Map<ContractVersion, Contract> versions = new LinkedHashMap<>();
    for (Schema schema : earlier) {
      versions.put(new ContractVersion(1, versions.size(), 0), Contract.of(schema));
    }
    return ContractSuccession.of(Contract.of(next)).after(versions);
  }

  private static Schema column(String type) {
    return columns("{'name':'v','type':" + type + "}");
  }

  private static Schema columns(String fields) {
    return new Schema.Parser()
        .parse("{'type':'record','name':'Row','fields':[%s]}".formatted(fields).replace('\'', '"'));
  }
}
