package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrimaryKeyTest {
  record Customer(long id, Optional<String> name) {}

  record OrderWithNesting(
      String id,
      int line,
      double weight,
      Optional<String> note,
      Customer customer,
      Optional<Customer> friend,
      List<String> tags,
      Map<String, Integer> counts) {}

  private static final Contract PLAIN = Contract.of(OrderWithNesting.class);

  @Test
  void aKeyIsKeptInTheContractsTextAndComesBack() {
    Contract keyed = PLAIN.primaryKey("id", "customer.id");

    assertThat(keyed.primaryKey()).containsExactly("id", "customer.id");
    assertThat(keyed.toJson()).contains("\"primaryKey\":[\"id\",\"customer.id\"]");
    assertThat(Contract.fromJson(keyed.toJson())).isEqualTo(keyed);
    assertThat(PLAIN.primaryKey()).isEmpty();
    assertThat(PLAIN.toJson()).doesNotContain("primaryKey");
    assertThat(keyed.primaryKey("line").primaryKey()).containsExactly("line");
  }

  @Test
  void aKeyIsEnforcedBehindTheRules() {
    Contract keyed = PLAIN.require(Rule.notNull("note")).primaryKey("id", "line");

    assertThat(keyed.rules()).hasSize(1);
    assertThat(keyed.enforcedRules()).hasSize(2);
    assertThat(keyed.enforcedRules().get(1).id()).isEqualTo("primaryKey");
    assertThat(keyed.enforcedRules().get(1).columns()).containsExactly("id", "line");
    assertThat(PLAIN.enforcedRules()).isEqualTo(PLAIN.rules());
  }

  @Test
  void everyColumnThatCannotBePartOfAKeyIsNamed() {
    assertThatThrownBy(
            () ->
                PLAIN.primaryKey(
                    "weight",
                    "note",
                    "friend.id",
                    "tags",
                    "counts.key",
                    "customer",
                    "ID",
                    "line",
                    "line",
                    "customer.name"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused ->
                assertThat(refused.findings())
                    .extracting(Finding::what)
                    .containsExactly(
                        "Column weight is of type double, whose values are not exact.",
                        "Column note is nullable.",
                        "Column friend.id is in friend, which is nullable.",
                        "Column tags is nested.",
                        "Column counts.key is in counts, which is not a struct.",
                        "Column customer is nested.",
                        "Column ID does not exist; the nearest column is 'id'.",
                        "Column line is listed twice.",
                        "Column customer.name is nullable."))
        .hasMessageContaining("float and double");
    assertThatThrownBy(() -> PLAIN.primaryKey(new String[0])).hasMessageContaining("no column");
  }

  @Test
  void aMisspelledKeyColumnIsReportedWithTheNearestOne() {
    assertThatThrownBy(() -> PLAIN.primaryKey("customerr"))
        .hasMessageContaining("does not exist; the nearest column is 'customer'.");
    assertThatThrownBy(() -> PLAIN.primaryKey("customer.idd"))
        .hasMessageContaining("does not exist; the nearest column is 'customer.id'.");
    assertThatThrownBy(() -> PLAIN.primaryKey("nothingLikeThese"))
        .hasMessageContaining("does not exist. Nothing was changed. Use required columns");
  }

  @Test
  void aRuleMayNotHaveTheKeysId() {
    Rule rule = Rule.notNull("id").id("primaryKey");

    assertThatThrownBy(() -> PLAIN.require(rule).primaryKey("id"))
        .hasMessageContaining("the id primaryKey");
    assertThatThrownBy(() -> PLAIN.primaryKey("id").require(rule))
        .hasMessageContaining("the id primaryKey");
  }

  @Test
  void aNewKeyIsAMinorAndARemovedOrWiderKeyIsAMajor() {
    Contract keyed = PLAIN.primaryKey("id", "line");

    assertThat(PLAIN.differenceTo(keyed).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(keyed.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(keyed.differenceTo(PLAIN.primaryKey("id")).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(PLAIN.primaryKey("id").differenceTo(keyed).verdict()).isEqualTo(Verdict.MAJOR);
  }
}
