package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagPolicyTest {
  private static final Grantee READER = Grantee.of(arn(A, "reader"));
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");
  private static final Table TABLE = Table.of("orders", "id", "email");

  private static AccessDecision decide(
      Table table, Permission action, Map<String, List<String>> expression, Permission granted) {
    Resource policy =
        new Resource.TagPolicy(A, Resource.PolicyType.TABLE, TagExpression.of(expression));
    AccessState world =
        AccessState.builder()
            .databases(Database.of(A, "sales", table).tags(Map.of("domain", "sales")))
            .grants(Grant.of("policy", READER, policy, granted))
            .build();
    return AccessEvaluator.over(world).decide(AccessQuestion.of(READER, action, ORDERS, NOW));
  }

  @Test
  void aTableThatMatchesWithoutAnyOfItsColumnsIsDescribedWithoutColumns() {
    Map<String, String> other = Map.of("domain", "hr");
    Table table = TABLE.columnTags(Map.of("id", other, "email", other));
    Map<String, List<String>> sales = Map.of("domain", List.of("sales"));

    AccessDecision description = decide(table, Permission.DESCRIBE, sales, Permission.ALL);

    assertThat(description.matched()).containsExactly("policy");
    assertThat(description.columns()).isEmpty();
    assertThat(decide(table, Permission.SELECT, sales, Permission.ALL).missing())
        .containsExactly(Denial.of(DenialCode.NO_GRANT));
  }

  @Test
  void columnsThatAllMatchDoNotMakeATableThatDoesNot() {
    Map<String, String> other = Map.of("domain", "hr");
    Table table = TABLE.columnTags(Map.of("id", other, "email", other));
    Map<String, List<String>> hr = Map.of("domain", List.of("hr"));

    assertThat(decide(table, Permission.SELECT, hr, Permission.ALL).columns())
        .containsExactly("email", "id");
    assertThat(decide(table, Permission.INSERT, hr, Permission.ALL).allowed()).isFalse();
  }

  @Test
  void anExpressionWithoutKeysMatchesNothing() {
    assertThat(decide(TABLE, Permission.DESCRIBE, Map.of(), Permission.ALL).allowed()).isFalse();
    assertThat(
            decide(TABLE, Permission.DESCRIBE, Map.of("domain", List.of()), Permission.ALL)
                .allowed())
        .isFalse();
  }
}
