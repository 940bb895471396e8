package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessClient.Revoke;
import io.meshwork.access.AccessClient.TagResource;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.AccessPlan.RowScope;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantOperation;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several changes of rights are planned and committed as one transaction. */
public abstract class RightsPlansSuite extends MeshFixture {
  private static final String RETURNS = "commerce/returns";
  private static final int ROWS = 7;
  private static final int NOTES = 4;
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final List<Principal> ROLES =
      List.of(ETL, Principal.of("finance", "audit"), Principal.of("finance", "closing"));

  /** Defines two products without grants, and registers a second domain. */
  private MeshClient shopWithReturns(String domain) {
    MeshClient shop = as(domain);
    shop.registerDomain(domain).owner(domain + "@example.org").commit();
    for (String product : List.of("orders", "returns")) {
      shop.defineProduct(domain + "/" + product).contract(Contract.of(Order.class)).commit();
    }
    shop.governance().defineTag("kind", "plain", "secret").commit();
    return shop;
  }

  private static boolean mayRead(MeshClient shop, Principal who, String product) {
    return shop.access().explain(who, product).isAllowed();
  }

  @Test
  void noRoleGainsOrLosesWhatTheWholeMeshMayRead() {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop.amendContract(ORDERS)
        .change(current -> current.classification(Classification.RESTRICTED, "note"))
        .commit();

    AccessPlan<List<GrantSummary>> granting =
        shop.grant(ORDERS).columns("id", "note").to(ETL).because("x").plan();
    assertThat(granting.gains()).extracting(AccessChange::columns).containsExactly(List.of("note"));
    String grant = granting.commit().get(0).id();

    assertThat(shop.revoke(grant).plan().losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/etl", List.of("note")));
    assertThat(shop.access().closeToMesh(ORDERS).plan().losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("the mesh", List.of("id", "customer", "amount")));
    assertThat(shop.access().plan(shop.access().closeToMesh(ORDERS), shop.revoke(grant)).losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(
            tuple("the mesh", List.of("id", "customer", "amount")),
            tuple("finance/etl", List.of("id", "note")));
  }

  @Test
  void severalChangesAreShownTogetherAndCommittedTogether() {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    State before = state();

    TagResource plain = shop.access().tag(ORDERS).set("kind", "plain");
    GrantOperation<?> grant = shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain");
    TagResource secret = shop.access().tagColumns(ORDERS, "customer").set("kind", "secret");
    AccessPlan<AccessPlan.Results> plan = shop.access().plan(plain, grant, secret);

    assertThat(plan.gains())
        .extracting(AccessChange::who, change -> change.product().toString(), AccessChange::columns)
        .containsExactly(tuple("finance/etl", ORDERS, List.of("id", "amount", "note")));
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.explain(ETL, ORDERS).hiddenColumns()).containsExactly("customer");
    assertThat(plan.explain(ETL, RETURNS).isAllowed()).isFalse();
    assertNothingChanged(before);
    assertThat(mayRead(shop, ETL, ORDERS)).isFalse();

    AccessPlan.Results results = plan.commit();

    assertThat(results.of(plain))
        .isEqualTo(shop.access().tag(ORDERS).set("kind", "plain").commit());
    assertThat(results.of(grant)).isEqualTo(shop.access().grants());
    assertThat(results.of(secret)).containsEntry("kind", "secret");
    assertThat(results.toString().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith(grant + ": ") && line.contains("finance/etl"))
        .noneMatch(line -> line.contains("@"));
    TagResource other = shop.access().tag(ORDERS).set("kind", "plain");
    assertThatThrownBy(() -> results.of(other))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is not one of the changes");
    assertThat(shop.access().explain(ETL, ORDERS).hiddenColumns()).containsExactly("customer");
    MeshEvent changed =
        shop.events("commerce").list().get(shop.events("commerce").list().size() - 1);
    assertThat(changed.type()).isEqualTo(MeshEvent.Type.RIGHTS_CHANGED);
    assertThat(((EventDetails.RightsCommit) EventDetailsCodec.detailsOf(changed)).changes())
        .extracting(EventDetails.RightsEvent::type)
        .containsExactly(
            MeshEvent.Type.TAGS_CHANGED, MeshEvent.Type.GRANT_MADE, MeshEvent.Type.TAGS_CHANGED);
    assertThat(shop.events(ORDERS).list())
        .last()
        .extracting(EventDetailsCodec::detailsOf)
        .isEqualTo(new EventDetails.EventReference(changed.partition(), changed.sequence()));
    assertThatThrownBy(plan::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("committed already");
    assertWhole();
  }

  @Test
  void aGainOfAllRowsDiffersFromAGainOfMoreRows() {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    String some =
        shop.grant(ORDERS).columns("id").rows("id > 3").to(ETL).because("S").commit().get(0).id();

    AccessPlan<List<GrantSummary>> plan = shop.grant(ORDERS).to(ETL).because("All").plan();

    assertThat(plan.gains())
        .extracting(AccessChange::columns, AccessChange::rows)
        .containsExactly(
            tuple(List.of("customer", "amount", "note"), RowScope.EVERY),
            tuple(List.of("id"), RowScope.MORE));
    String all = plan.commit().get(0).id();
    assertThat(plan.gains().get(0).because()).contains(all).doesNotContain(some);
    assertThat(plan.gains().get(1).because()).contains(all, some);
    assertThat(plan.gains().get(1)).asString().contains("SELECT of id, in more rows  (");

    AccessPlan<List<GrantSummary>> back = shop.revoke(all).plan();
    assertThat(back.losses())
        .extracting(AccessChange::columns, AccessChange::rows)
        .containsExactly(
            tuple(List.of("customer", "amount", "note"), RowScope.EVERY),
            tuple(List.of("id"), RowScope.FEWER));
    assertThat(back.losses().get(0).because()).contains(all).doesNotContain(some);
    assertThat(shop.revoke(all, some).plan().losses())
        .extracting(AccessChange::columns, AccessChange::rows)
        .containsExactly(tuple(List.of("id", "customer", "amount", "note"), RowScope.EVERY));
  }

  @Test
  void changesThatCancelOutHaveNoEffect() {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    String id = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0).id();
    shop.revoke(id).commit();
    State before = state();

    GrantOperation.ByName grant = shop.grant(ORDERS).to(ETL).because("Revenue");
    Revoke<List<GrantSummary>> revoke = shop.revoke(id);
    AccessPlan<AccessPlan.Results> plan = shop.access().plan(grant, revoke);

    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.CHANGE_REVERSED, FindingCode.CHANGE_REVERSED);
    AccessPlan.Results results = plan.commit();
    assertThat(results.of(grant)).hasSize(1);
    assertThat(results.of(revoke)).hasSize(1);
    assertNothingChanged(before);

    shop.access()
        .plan(
            shop.grant(ORDERS).to(ETL).because("Revenue"),
            shop.access().tag(ORDERS).set("kind", "plain"),
            shop.access().tag(ORDERS).remove("kind"))
        .commit();
    assertThat(shop.events(ORDERS).list())
        .last()
        .extracting(MeshEvent::type)
        .isEqualTo(MeshEvent.Type.GRANT_MADE);
    assertThat(mayRead(shop, ETL, ORDERS)).isTrue();
  }

  @Test
  void severalChangesAreAtomic() {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    AccessPlan<AccessPlan.Results> plan =
        shop.access()
            .plan(
                shop.grant(ORDERS).to(ETL).because("Revenue"),
                shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain"));
    shop.access().tag(RETURNS).set("kind", "plain").commit();
    State before = state();

    assertThatThrownBy(plan::commit)
        .isInstanceOfSatisfying(
            ConflictException.class, stale -> assertThat(stale.retryable()).isFalse());
    assertThatThrownBy(
            () ->
                shop.access()
                    .plan(
                        shop.grant(ORDERS).to(ETL).because("Revenue"),
                        shop.access().tag(ORDERS).set("colour", "red")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("TAG_UNDEFINED");
    Principal[] many =
        IntStream.range(0, 50)
            .mapToObj(i -> Principal.of("finance", "role" + i))
            .toArray(Principal[]::new);
    assertThatThrownBy(
            () ->
                shop.access()
                    .plan(
                        shop.grant(ORDERS).to(many).because("Many"),
                        shop.grant(RETURNS).to(many).because("Many"))
                    .commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll("change rights together", "actions in one transaction");
    assertNothingChanged(before);
  }

  @Test
  void batchedChangesNeedOnePrincipalAndDistinctTargets() {
    MeshClient shop = shopWithReturns("commerce");
    MeshClient finance = registerFinance();
    AccessOperation<?> grant = shop.grant(ORDERS).to(ETL).because("Revenue");
    assertThatThrownBy(shop.access()::plan)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> shop.access().plan(grant, grant))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("grant " + ORDERS, "named twice");
    assertThatThrownBy(() -> shop.access().plan(grant, finance.governance().defineTag("team", "a")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("define tag team", "finance/etl", "commerce/etl");
  }

  @Test
  void changesOfTwoDomainsAreNotOneTransaction() {
    Principal steward = Principal.of("central", "steward");
    for (String domain : List.of("commerce", "outlet")) {
      shopWithReturns(domain)
          .access()
          .authorize(domain + "/orders")
          .executors(steward)
          .forAnyConsumer()
          .because("Stewards share")
          .commit();
    }
    MeshClient central = mesh.clientAs(steward);
    central.registerDomain("central").owner("central@example.org").commit();
    registerFinance();
    State before = state();

    assertThatThrownBy(
            () ->
                central
                    .access()
                    .plan(
                        central.grant(ORDERS).to(ETL).because("Revenue"),
                        central.grant("outlet/orders").to(ETL).because("Revenue")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'commerce'", "'outlet'", "Change each domain separately");
    assertNothingChanged(before);
  }

  @Test
  void batchedChangesAreNeverVisiblePartially() throws InterruptedException, ExecutionException {
    MeshClient shop = shopWithReturns("commerce");
    registerFinance();
    ExecutorService threads = Executors.newFixedThreadPool(ROLES.size());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Principal role : ROLES) {
        running.add(
            threads.submit(
                () ->
                    shop.access()
                        .plan(
                            shop.grant(ORDERS).to(role).because("Both"),
                            shop.grant(RETURNS).to(role).because("Both"))
                        .commit()));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (Principal role : ROLES) {
      assertThat(mayRead(shop, role, ORDERS)).as(role.toString()).isTrue();
      assertThat(mayRead(shop, role, RETURNS)).as(role.toString()).isTrue();
    }
    assertThat(shop.events("commerce").list())
        .filteredOn(event -> event.type() == MeshEvent.Type.RIGHTS_CHANGED)
        .hasSize(ROLES.size());
    assertWhole();
  }

  @Test
  void aPlanOfSeveralChangesEqualsTheirSequence() {
    registerFinance();
    MeshClient atOnce = shopWithReturns("commerce");
    MeshClient oneByOne = shopWithReturns("outlet");
    for (MeshClient shop : List.of(atOnce, oneByOne)) {
      for (String product : List.of("orders", "returns")) {
        String domain = shop == atOnce ? "commerce" : "outlet";
        shop.publish(domain + "/" + product).records(Order.range(0, ROWS)).commit();
      }
    }
    for (long seed = 0; seed < 6; seed++) {
      Map<String, List<String>> before = columnsRead(atOnce, "commerce");
      Map<String, Map<String, Set<Object>>> cellsBefore = cellsRead("commerce");
      AccessPlan<AccessPlan.Results> plan =
          atOnce
              .access()
              .plan(changes(atOnce, "commerce", seed).toArray(AccessOperation<?>[]::new));
      for (AccessOperation<?> change : changes(oneByOne, "outlet", seed)) {
        change.commit();
      }
      Map<String, List<String>> after = columnsRead(oneByOne, "outlet");
      Map<String, Map<String, Set<Object>>> cellsAfter = cellsRead("outlet");
      String as = "seed " + seed + " of " + plan;
      for (Principal role : ROLES) {
        for (String product : List.of("orders", "returns")) {
          ExplainedAccess then = plan.explain(role, "commerce/" + product);
          String key = role + " " + product;
          assertThat(then.columns()).as(as).isEqualTo(after.get(key));
          Map<String, Set<Object>> was = cellsBefore.getOrDefault(key, Map.of());
          Map<String, Set<Object>> is = cellsAfter.getOrDefault(key, Map.of());
          assertThat(was.keySet())
              .as(as)
              .containsExactlyElementsOf(before.getOrDefault(key, List.of()));
          assertChanges(plan.gains(), role, product, is, was, RowScope.MORE, as);
          assertChanges(plan.losses(), role, product, was, is, RowScope.FEWER, as);
        }
      }
      plan.commit();
      assertThat(columnsRead(atOnce, "commerce")).as(as).isEqualTo(after);
      assertThat(cellsRead("commerce")).as(as).isEqualTo(cellsAfter);
    }
    assertWhole();
  }

  private static void assertChanges(
      List<AccessChange> changes,
      Principal role,
      String product,
      Map<String, Set<Object>> one,
      Map<String, Set<Object>> other,
      RowScope whereBoth,
      String as) {
    Map<String, RowScope> expected = new TreeMap<>();
    one.forEach(
        (column, cells) -> {
          if (!other.containsKey(column)) {
            boolean all = cells.size() == (column.equals("note") ? NOTES : ROWS);
            expected.put(column, all ? RowScope.EVERY : RowScope.SOME);
          } else if (!other.getOrDefault(column, Set.of()).containsAll(cells)) {
            expected.put(column, whereBoth);
          }
        });
    Map<String, RowScope> planned = new TreeMap<>();
    changes.stream()
        .filter(change -> change.who().equals(role.toString()))
        .filter(change -> change.product().product().equals(product))
        .forEach(change -> change.columns().forEach(column -> planned.put(column, change.rows())));
    assertThat(planned).as(as + ", " + role + " " + product).isEqualTo(expected);
  }

  /**
   * Returns the visible cells of each readable column for each role and product. Values are unique
   * within a column.
   */
  private Map<String, Map<String, Set<Object>>> cellsRead(String domain) {
    Map<String, Map<String, Set<Object>>> read = new TreeMap<>();
    for (Principal role : ROLES) {
      MeshClient reader = mesh.clientAs(role);
      for (String product : List.of("orders", "returns")) {
        String name = domain + "/" + product;
        Map<String, Set<Object>> cells = new LinkedHashMap<>();
        reader
            .access()
            .explain(role, name)
            .columns()
            .forEach(column -> cells.put(column, new HashSet<>()));
        if (!cells.isEmpty()) {
          for (Map<String, Object> row : all(reader.read(name).asMaps())) {
            cells.forEach(
                (column, seen) -> Optional.ofNullable(row.get(column)).ifPresent(seen::add));
          }
        }
        read.put(role + " " + product, cells);
      }
    }
    return read;
  }

  private static Map<String, List<String>> columnsRead(MeshClient shop, String domain) {
    Map<String, List<String>> columns = new TreeMap<>();
    for (Principal role : ROLES) {
      for (String product : List.of("orders", "returns")) {
        columns.put(
            role + " " + product, shop.access().explain(role, domain + "/" + product).columns());
      }
    }
    return columns;
  }

  /** Plans the same changes for each domain with the same history. */
  private static List<AccessOperation<?>> changes(MeshClient shop, String domain, long seed) {
    Random random = new Random(seed);
    List<AccessOperation<?>> changes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String product = domain + "/" + (random.nextBoolean() ? "orders" : "returns");
      Principal role = ROLES.get(random.nextInt(ROLES.size()));
      List<String> ids = shop.access().grants().stream().map(GrantSummary::id).toList();
      switch (random.nextInt(6)) {
        case 0 -> changes.add(shop.grant(product).to(role).rows("id > 4").because("Some"));
        case 1 ->
            changes.add(
                shop.grantByTags(where("kind", random.nextBoolean() ? "plain" : "secret"))
                    .to(role)
                    .because("By tags"));
        case 2 -> changes.add(shop.access().tag(product).set("kind", "plain"));
        case 3 -> changes.add(shop.access().tagColumns(product, "customer").set("kind", "secret"));
        case 4 ->
            changes.add(
                shop.grant(product)
                    .to(role)
                    .rows("id < 2")
                    .columns("id", "amount")
                    .because("Fewer"));
        default ->
            changes.add(
                ids.isEmpty()
                    ? shop.access().tag(domain).set("kind", "secret")
                    : shop.revoke(oldest(shop, ids.size())));
      }
    }
    return changes;
  }

  /** Returns grants that are selected by content, because IDs differ between domains. */
  private static String oldest(MeshClient shop, int count) {
    List<GrantSummary> grants = new ArrayList<>(shop.access().grants());
    grants.sort(
        Comparator.comparing(
            grant ->
                grant.to()
                    + grant.permissions()
                    + grant.rows()
                    + grant.on().replace("outlet", "commerce")));
    return grants.get(count / 2).id();
  }
}
