package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.B;
import static io.meshwork.internal.lakeformation.RandomWorlds.C;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an account passes on of what others share with it, and where tables may be. */
class AccountDelegationTest {
  private static final Grantee GUEST = Grantee.of(arn(B, "guest"));
  private static final Resource.Database SALES = new Resource.Database(A, "sales");
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");

  private static AccessState world(String partition, Grant... grants) {
    Table orders =
        new Table(
            "orders",
            Table.of("orders", "id", "email").columns(),
            partition.isEmpty() ? List.of() : List.of(partition),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());
    return AccessState.builder()
        .accounts(Account.of(A).in("o-mesh"), Account.of(B).in("o-mesh"), Account.of(C))
        .databases(
            new Database(
                A,
                "sales",
                Optional.empty(),
                Optional.of("s3://lake/sales"),
                Map.of(),
                List.of(orders)))
        .locations(new RegisteredLocation(A, "s3://lake", false))
        .grants(grants)
        .build();
  }

  private static Grant columns(String id, Grantee to, String column) {
    Resource on = new Resource.Columns(A, "sales", "orders", List.of(column));
    return Grant.of(id, to, on, Permission.SELECT);
  }

  private static AccessDecision select(AccessState world, Grantee principal) {
    return AccessEvaluator.over(world)
        .decide(AccessQuestion.of(principal, Permission.SELECT, ORDERS, NOW));
  }

  @Test
  void aShareAndAReGrantWithoutCommonColumnsGiveNothing() {
    Grant share = columns("share", Grantee.account(B), "id");
    Grant local = columns("local", GUEST, "email").madeIn(B);

    assertThat(select(world("", share, local), GUEST).missing())
        .containsExactly(Denial.of(DenialCode.NO_GRANT));
    assertThat(select(world("dt", share, local), GUEST).columns()).containsExactly("dt");
  }

  @Test
  void passedOnGrantsEndWithTheGrantOptionOnlyIfTheStateRequiresIt() {
    Grant share = columns("share", Grantee.account(B), "id");
    Grant local = Grant.of("local", GUEST, ORDERS, Permission.SELECT).madeIn(B);
    AccessState lakeFormation = world("", share, local);
    AccessState mesh = lakeFormation.toBuilder().heldWithOption().build();
    AccessState withOption =
        world("", share.withGrantOption(), local).toBuilder().heldWithOption().build();

    assertThat(select(lakeFormation, GUEST).columns()).containsExactly("id");
    assertThat(select(mesh, GUEST).missing()).containsExactly(Denial.of(DenialCode.LOCAL_GRANT));
    assertThat(select(withOption, GUEST).columns()).containsExactly("id");
  }

  @Test
  void aListOfOnlyPartitionKeysGrantsNothing() {
    Grant keys = columns("keys", GUEST, "dt");
    Grant both = columns("both", GUEST, "ID");

    assertThat(select(world("dt", keys), GUEST).missing())
        .containsExactly(Denial.of(DenialCode.NO_GRANT));
    assertThat(select(world("dt", both), GUEST).columns()).containsExactly("dt", "id");
  }

  @Test
  void aReGrantOfColumnsIsVoidBesideAReGrantThatChangesTheTable() {
    Grant share = Grant.of("share", Grantee.account(B), ORDERS, Permission.ALL);
    Grant list = columns("list", GUEST, "id").madeIn(B);
    Grant wide = Grant.of("wide", GUEST, ORDERS, Permission.DELETE).madeIn(B);

    assertThat(select(world("", share, list), GUEST).columns()).containsExactly("id");
    assertThat(select(world("", share, list, wide), GUEST).missing())
        .containsExactly(Denial.of(DenialCode.LOCAL_GRANT));
  }

  @Test
  void aListOfColumnsIsVoidBesideWhateverChangesTheTableAndNothingElse() {
    Grant list = columns("list", GUEST, "id");
    for (Permission other : List.of(Permission.SELECT, Permission.DESCRIBE)) {
      Grant beside = Grant.of("beside", GUEST, ORDERS, other);
      AccessDecision decision = select(world("", list, beside), GUEST);
      assertThat(decision.matched()).as("beside %s", other).contains("list");
    }
    for (Permission other :
        List.of(Permission.ALTER, Permission.DROP, Permission.INSERT, Permission.DELETE)) {
      Grant beside = Grant.of("beside", GUEST, ORDERS, other);
      AccessDecision decision = select(world("", list, beside), GUEST);
      assertThat(decision.missing())
          .as("beside %s", other)
          .containsExactly(Denial.of(DenialCode.NO_GRANT));
    }
    Grant all = Grant.of("all", GUEST, ORDERS, Permission.ALL);
    assertThat(select(world("", list, all), GUEST).matched()).containsExactly("all");
  }

  @Test
  void aGrantToAPrincipalElsewhereNeedsTheShareAccepted() {
    Grantee stranger = Grantee.of(arn(C, "stranger"));
    Grant direct = Grant.of("direct", stranger, ORDERS, Permission.SELECT);

    assertThat(select(world("", direct), stranger).missing())
        .containsExactly(Denial.of(DenialCode.RAM_SHARE));
  }

  @Test
  void aShareOfColumnsIsNeverVoid() {
    Grant share = columns("share", Grantee.account(B), "id");
    Grant changes = Grant.of("changes", Grantee.account(B), ORDERS, Permission.INSERT);
    Grant local = Grant.of("local", GUEST, ORDERS, Permission.SELECT, Permission.INSERT).madeIn(B);

    assertThat(select(world("", share, changes, local), GUEST).columns()).containsExactly("id");
  }

  @Test
  void whereAShareIsNotAcceptedNothingElseIsMissing() {
    Grantee stranger = Grantee.of(arn(C, "stranger"));
    Grant table = Grant.of("table", Grantee.account(C), ORDERS, Permission.SELECT);
    Grant database = Grant.of("database", Grantee.account(C), SALES, Permission.DESCRIBE);
    AccessState world =
        world(
            "",
            table,
            database,
            Grant.of("l1", stranger, ORDERS, Permission.SELECT).madeIn(C),
            Grant.of("l2", stranger, SALES, Permission.DESCRIBE).madeIn(C));

    assertThat(select(world, stranger).missing()).containsExactly(Denial.of(DenialCode.RAM_SHARE));
    assertThat(
            AccessEvaluator.over(world)
                .decide(AccessQuestion.of(stranger, Permission.DESCRIBE, SALES, NOW))
                .missing())
        .containsExactly(Denial.of(DenialCode.RAM_SHARE));
  }

  @Test
  void aReGrantToAGroupOfAnotherAccountIsVoid() {
    String group = "arn:aws:iam::" + A + ":group/g";
    Grant share = Grant.of("share", Grantee.account(B), ORDERS, Permission.SELECT);
    Grant local = Grant.of("local", Grantee.of(group), ORDERS, Permission.SELECT).madeIn(B);
    AccessState world =
        world("", share, local).toBuilder()
            .principals(PrincipalFacts.of(GUEST.id()).actingAs(group))
            .build();

    assertThat(select(world, GUEST).missing()).containsExactly(Denial.of(DenialCode.LOCAL_GRANT));
  }

  @Test
  void aTableBelowTheDatabasesOwnLocationNeedsNoGrantOnIt() {
    AccessState world = world("", Grant.of("g", GUEST, SALES, Permission.CREATE_TABLE));

    assertThat(create(world, "s3://lake/sales/new").allowed()).isTrue();
    assertThat(create(world, "s3://elsewhere/new").allowed()).isTrue();
    assertThat(create(world, "s3://lake/salesmen/new").missing())
        .containsExactly(Denial.of(DenialCode.DATA_LOCATION));
  }

  private static AccessDecision create(AccessState world, String location) {
    return AccessEvaluator.over(world)
        .decide(
            new AccessQuestion(
                GUEST, Permission.CREATE_TABLE, SALES, List.of(), Optional.of(location), NOW));
  }
}
