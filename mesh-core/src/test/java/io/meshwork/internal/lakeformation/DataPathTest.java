package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which registered place a table's files belong to, and what is needed to reach them. */
class DataPathTest {
  private static final Grantee READER = Grantee.of(arn(A, "reader"));
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");
  private static final RegisteredLocation LAKE = new RegisteredLocation(A, "s3://lake", false);
  private static final RegisteredLocation SALES =
      new RegisteredLocation(A, "s3://lake/sales", true);

  private static AccessState.Builder world(String location, RegisteredLocation... registered) {
    Table orders =
        new Table(
            "orders",
            Table.of("orders", "id").columns(),
            List.of(),
            Optional.empty(),
            Optional.of(location),
            Map.of(),
            Map.of());
    return AccessState.builder()
        .databases(Database.of(A, "sales", orders))
        .locations(registered)
        .grants(Grant.of("g", READER, ORDERS, Permission.ALL));
  }

  private static List<Denial> missing(AccessState.Builder world, Permission action) {
    return AccessEvaluator.over(world.build())
        .decide(AccessQuestion.of(READER, action, ORDERS, NOW))
        .missing();
  }

  @Test
  void theLongestRegisteredPlaceDecidesInWhateverOrderPlacesWereRegistered() {
    for (String location :
        List.of("s3://lake/sales/orders", "s3://lake/sales", "s3://lake/sales/")) {
      assertThat(missing(world(location, LAKE, SALES), Permission.SELECT))
          .as(location)
          .containsExactly(Denial.of(DenialCode.S3_ACCESS));
      assertThat(missing(world(location, SALES, LAKE), Permission.SELECT))
          .as(location)
          .containsExactly(Denial.of(DenialCode.S3_ACCESS));
    }
    assertThat(missing(world("s3://lake/salesmen", LAKE, SALES), Permission.SELECT)).isEmpty();
    assertThat(missing(world("s3://lakes/x", LAKE), Permission.SELECT))
        .containsExactly(Denial.of(DenialCode.S3_ACCESS));
  }

  @Test
  void slashesAtTheEndMakeNoPlaceLonger() {
    RegisteredLocation slashes = new RegisteredLocation(A, "s3://lake//////////", false);

    assertThat(missing(world("s3://lake/sales/x", slashes, SALES), Permission.SELECT))
        .containsExactly(Denial.of(DenialCode.S3_ACCESS));
    assertThat(missing(world("s3://lake/sales/x", SALES, slashes), Permission.SELECT))
        .containsExactly(Denial.of(DenialCode.S3_ACCESS));
  }

  @Test
  void aLocationOfAnotherAccountIsIgnored() {
    RegisteredLocation elsewhere = new RegisteredLocation(RandomWorlds.B, "s3://lake", false);

    assertThat(missing(world("s3://lake/x", elsewhere), Permission.SELECT))
        .containsExactly(Denial.of(DenialCode.S3_ACCESS));
  }

  @Test
  void ofTheDataAreReadingAddingAndRemoving() {
    for (Permission action : List.of(Permission.SELECT, Permission.INSERT, Permission.DELETE)) {
      assertThat(missing(world("s3://x/y"), action))
          .as("%s", action)
          .containsExactly(Denial.of(DenialCode.S3_ACCESS));
    }
    for (Permission action :
        List.of(Permission.DESCRIBE, Permission.ALTER, Permission.DROP, Permission.ALL)) {
      assertThat(missing(world("s3://x/y"), action)).as("%s", action).isEmpty();
    }
  }

  @Test
  void whoOptedInIsGivenCredentialsAndWhoDidNotBringsItsOwn() {
    AccessState.Builder open = world("s3://lake/sales/orders", SALES);
    AccessState.Builder optedIn =
        world("s3://lake/sales/orders", SALES).optIns(new OptIn(READER, ORDERS));
    PrincipalFacts withoutIam =
        new PrincipalFacts(READER.id(), List.of(), true, false, List.of("s3://lake/sales"));

    assertThat(missing(open, Permission.SELECT)).containsExactly(Denial.of(DenialCode.S3_ACCESS));
    assertThat(missing(optedIn, Permission.SELECT)).isEmpty();
    assertThat(missing(optedIn.principals(withoutIam), Permission.SELECT))
        .containsExactly(Denial.of(DenialCode.IAM_GET_DATA_ACCESS));
    assertThat(missing(open.principals(withoutIam), Permission.SELECT)).isEmpty();
  }
}
