package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Partition.bucket;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.operation.Plan;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A major version is created beside the current one, opened, and withdrawn. */
public abstract class RolloutsSuite extends RolloutFixture {
  private static final LocalDate EARLIEST = LocalDate.parse("2026-12-20");

  private static List<String> missingRights(RolloutPlan plan) {
    return plan.findings().stream()
        .filter(finding -> finding.code() == FindingCode.RIGHT_MISSING)
        .map(Finding::what)
        .toList();
  }

  @Test
  void aPlanNamesEachConsumerWithWhatBreaksItAndChangesNothing() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    readAll(subscribe(finance, "ids", Ids.class));
    State before = state();

    RolloutPlan plan = rollOut(shop).plan();

    assertNothingChanged(before);
    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.from()).isEqualTo(1);
    assertThat(plan.to()).isEqualTo(2);
    assertThat(plan.version()).hasToString("2.0.0");
    assertThat(plan.consumers())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers", "finance/ids");
    assertThat(plan.breaks())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers");
    assertThat(missingRights(plan)).isEmpty();
    assertThat(plan.earliestRetirement()).isEqualTo(EARLIEST);
    assertThat(plan.retireAfter()).isEqualTo(EARLIEST);
    assertThat(plan.bytesTwice()).isPositive();
    assertThat(rollOut(shop).withoutHistory().plan().bytesTwice()).isZero();
    assertThat(plan.toString())
        .contains(
            "roll out commerce/orders: 1.0.0 -> 2.0.0",
            REASON,
            "finance/customers  subscription of v1",
            "by customer was renamed to buyer",
            "finance/ids  subscription of v1",
            "finance@example.org",
            "2026-12-20",
            "commerce.orders_v2");
  }

  @Test
  void aCommitCreatesTheNextMajorVersionAndLeavesTheCurrentOneAsItIs() {
    MeshClient shop = shopWithRows();
    List<Order> rows = orders();
    Document pointer = document("table/orders_v1");
    ProductCard card = shop.describe(ORDERS);

    MajorRollout rollout = rollOut(shop).commit();

    assertThat(rollout.state()).isEqualTo(Rollout.State.PLANNED);
    assertThat(rollout.number()).isEqualTo(1);
    assertThat(rollout.to()).isEqualTo(2);
    assertThat(rollout.version()).hasToString("2.0.0");
    assertThat(rollout.because()).isEqualTo(REASON);
    assertThat(rollout.retireAfter()).isEqualTo(EARLIEST);
    assertThat(rollout.toString()).contains("1 -> 2", "PLANNED", REASON, "2026-12-20");
    assertThat(shop.rollout(ORDERS)).isEqualTo(rollout);
    assertThat(shop.rollouts()).containsExactly(rollout);
    assertThat(document("table/orders_v1")).isEqualTo(pointer);
    assertThat(document("major/2").json()).contains("PREPARED");
    assertThat(orders()).isEqualTo(rows);
    assertThat(shop.describe(ORDERS).columns()).isEqualTo(card.columns());
    assertThat(all(shop.read(ORDERS).majorVersion(2).as(OrderOfBuyer.class))).isEmpty();
    shop.publish(ORDERS).records(Order.range(3, 5)).commit();
    assertThat(orders()).hasSize(5);
    assertWhole();
  }

  @Test
  void thePartitioningContinuesUnlessAnotherOneIsDeclared() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(OLD)
        .partitionBy(bucket("customer", 4), bucket("id", 2))
        .commit();

    rollOut(shop).commit();

    assertThat(shop.describe(ORDERS).versions())
        .filteredOn(version -> version.version().major() == 2)
        .singleElement()
        .satisfies(
            version ->
                assertThat(version.partitioning())
                    .containsExactly(bucket("buyer", 4), bucket("id", 2)));
  }

  @Test
  void aNewPartitioningAloneNeedsAMajorVersion() {
    MeshClient shop = shopWithRows();

    StartRollout same = shop.startRollout(ORDERS).contract(OLD).because("Layout");

    assertRefused(ErrorCode.CHANGE_INCOMPATIBLE, same::commit, "the same as version 1.0.0");
    assertThat(
            shop.startRollout(ORDERS)
                .contract(OLD)
                .because("Layout")
                .partitionBy(bucket("id", 8))
                .commit()
                .to())
        .isEqualTo(2);
  }

  @Test
  void aChangeThatAnAmendmentAllowsNeedsNoMajorVersion() {
    MeshClient shop = shopWithRows();
    State before = state();

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(MORE.noticePeriod(OLD.noticePeriod()))
            .because(REASON)
            .plan();

    assertThat(plan.isAllowed()).isFalse();
    assertThat(plan.isEmpty()).isFalse();
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.findings()).extracting(Finding::code).contains(FindingCode.AMENDMENT_SUFFICES);
    assertRefused(ErrorCode.CHANGE_INCOMPATIBLE, plan::commit, "amendContract(\"" + ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void onlyTheOwnerRollsOutActivatesAndAborts() {
    MajorRollout rollout = rollOut(shopWithRows()).withoutHistory().commit().announce().commit();
    MeshClient finance = registerFinance();
    State before = state();

    assertThatThrownBy(() -> rollOut(finance).plan()).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> rollOut(finance).commit()).isInstanceOf(AccessDeniedException.class);
    MajorRollout seen = finance.rollout(ORDERS);
    assertThat(seen).isEqualTo(rollout);
    assertThatThrownBy(() -> seen.activate().commit()).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> seen.abort().because("No").commit())
        .isInstanceOf(AccessDeniedException.class);
    assertNothingChanged(before);
  }

  @Test
  void aContractAndAReasonAreRequired() {
    MeshClient shop = shopWithRows();

    assertThatThrownBy(() -> shop.startRollout(ORDERS).plan())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("contract(..)", "because(..)");
    assertThatThrownBy(() -> shop.rollout(ORDERS)).isInstanceOf(NotFoundException.class);
  }

  @Tag("smoke")
  @Test
  void theOldMajorVersionIsNotRetiredBeforeItsNoticePeriodEnds() {
    MeshClient shop = shopWithRows();

    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () -> rollOut(shop).retireAfter(EARLIEST.minusDays(1)).commit(),
        "2026-12-20",
        "2026-12-19");

    LocalDate later = EARLIEST.plusDays(10);
    assertThat(rollOut(shop).retireAfter(later).commit().retireAfter()).isEqualTo(later);
  }

  @Test
  void aRenamingNamesColumnsOfBothContracts() {
    MeshClient shop = shopWithRows();

    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () -> rollOut(shop).renameColumn("price", "cents").commit(),
        "no column price");
    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () -> rollOut(shop).renameColumn("amount", "pence").commit(),
        "no column pence");
    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () -> rollOut(shop).renameColumn("amount", "buyer").commit(),
        "Two columns");
  }

  @Test
  void aRolloutDoesNotReduceProtectionEvenOfARenamedColumn() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(OLD.classification(Classification.CONFIDENTIAL, "customer"))
        .commit();

    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE, () -> rollOut(shop).commit(), "the classification of buyer");
    shop.startRollout(ORDERS)
        .contract(NEXT.classification(Classification.CONFIDENTIAL, "buyer"))
        .renameColumn("customer", "buyer")
        .because(REASON)
        .commit();
  }

  @Test
  void onlyOneRolloutStartsFromAMajorVersion() {
    MeshClient shop = shopWithRows();
    rollOut(shop).commit();
    State before = state();

    assertConflict(() -> rollOut(shop).plan(), "rollout 1 from major version 1");
    assertConflict(() -> rollOut(shop).commit(), "abort()");
    assertNothingChanged(before);
  }

  @Test
  void ofTwoConcurrentRolloutsOneIsCommitted() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/first").contract(OLD).commit();
    start(shop, "commerce/first").commit();
    int conflicts = 0;
    for (int read = 1; read <= 64; read *= 2) {
      String product = "commerce/orders-" + read;
      shop.defineProduct(product).contract(OLD).commit();
      AtomicBoolean happened = new AtomicBoolean();
      StartRollout second = start(shop, product);
      faults
          .on(Port.REGISTRY_READ)
          .nth(read)
          .meanwhile(
              () -> {
                start(shop, product).commit();
                happened.set(true);
              });
      try {
        second.commit();
        assertThat(happened).as("read %s", read).isFalse();
      } catch (ConflictException e) {
        conflicts++;
        assertThat(e.errorCode()).as("read %s", read).isEqualTo(ErrorCode.STATE_CONFLICT);
      }
      faults.clear();
      assertThat(shop.describe(product).versions()).as("read %s", read).hasSize(2);
    }
    assertThat(conflicts).isGreaterThan(3);
    assertWhole();
  }

  private static StartRollout start(MeshClient shop, String product) {
    return shop.startRollout(product).contract(NEXT).because(REASON);
  }

  @Test
  void aStalePlanIsNotCommitted() {
    MeshClient shop = shopWithRows();
    RolloutPlan plan = rollOut(shop).plan();
    String fingerprint = plan.fingerprint();
    shop.amendContract(ORDERS).change(current -> current.description("Orders")).commit();
    State before = state();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("as planned");
    assertNothingChanged(before);
    assertThat(rollOut(shop).plan().fingerprint()).isNotEqualTo(fingerprint);
    rollOut(shop).commitAsPlanned(rollOut(shop).plan().fingerprint());
  }

  @Test
  void theFirstRolloutLeavesNoTraceInTheLogOfTheMesh() {
    MeshClient shop = shopWithRows();
    String format = registry.read(new Key("_mesh", "format")).orElseThrow().json();
    List<MeshEvent> before = shop.events("_mesh").list();
    assertThat(format).contains("several-majors");

    rollOut(shop).commit();

    assertThat(shop.events("_mesh").list()).isEqualTo(before);
  }

  @Test
  void rightsOnColumnsHoldInBothMajorVersions() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    shop.grant(ORDERS)
        .columns("id", "customer")
        .to(finance.principal())
        .because("Accounts")
        .commit();
    subscribe(finance, "customers", Customers.class);

    inParallel(shop);
    shop.grant(ORDERS).columns("note").to(finance.principal()).because("Notes").commit();

    assertThat(all(finance.read(ORDERS).majorVersion(2).as(Buyers.class))).isEmpty();
    assertThat(all(finance.read(ORDERS).majorVersion(2).columns("note").asMaps())).isEmpty();
    assertThatThrownBy(() -> all(finance.read(ORDERS).majorVersion(2).columns("cents").asMaps()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(all(finance.read(ORDERS).as(Customers.class))).isEmpty();
  }

  @Test
  void aConsumerThatWouldReadNothingIsNamedAndPreventsTheActivation() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    String grant =
        shop.grant(ORDERS)
            .columns("customer")
            .to(finance.principal())
            .because("Accounts")
            .commit()
            .get(0)
            .id();
    subscribe(finance, "customers", Customers.class);
    StartRollout withoutRenaming = shop.startRollout(ORDERS).contract(NEXT).because(REASON);

    RolloutPlan plan = withoutRenaming.plan();
    MajorRollout rollout = withoutRenaming.commit();

    assertThat(plan.isAllowed()).isTrue();
    assertThat(missingRights(plan))
        .singleElement()
        .satisfies(
            right ->
                assertThat(right)
                    .startsWith("finance/customers: finance/etl would read nothing")
                    .contains(grant));
    assertThat(plan.toString()).contains("denied  finance/customers");
    assertConflict(() -> rollout.activate().commit(), "finance/etl", grant);
    assertThat(rollout.activate().plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.RIGHT_MISSING);
  }

  @Test
  void aReaderWithoutASubscriptionThatWouldReadNothingPreventsTheActivation() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    String grant = grant(shop, "customer", finance.principal());
    MeshClient reports = mesh.clientAs(Principal.of("finance", "bi"));
    grant(shop, "note", reports.principal());
    all(finance.read(ORDERS).as(Customers.class));
    all(reports.read(ORDERS).columns("note"));
    StartRollout withoutRenaming = shop.startRollout(ORDERS).contract(NEXT).because(REASON);

    RolloutPlan plan = withoutRenaming.plan();
    MajorRollout rollout = withoutRenaming.commit();

    assertThat(plan.isAllowed()).isTrue();
    assertThat(missingRights(plan))
        .singleElement()
        .satisfies(right -> assertThat(right).startsWith("finance/@: finance/etl would"));
    assertThat(plan.toString()).contains("denied  finance/@  finance/etl reads nothing of it");
    assertThat(plan.findings()).extracting(Finding::code).contains(FindingCode.RIGHT_MISSING);
    assertConflict(() -> rollout.activate().commit(), "finance/etl", grant);
    assertThat(rollout.activate().plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.RIGHT_MISSING, "finance/@"));
    grant(shop, "note", finance.principal());
    assertThat(rollout.activate().commit().state()).isEqualTo(Rollout.State.PARALLEL);
  }

  @Test
  void theRightsOfAReaderCountFor90DaysAndThoseOfItsTrackLonger() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    grant(shop, "customer", finance.principal());
    all(finance.read(ORDERS).as(Customers.class));
    StartRollout withoutRenaming = shop.startRollout(ORDERS).contract(NEXT).because(REASON);
    MajorRollout rollout = withoutRenaming.commit();
    clock.advance(Duration.ofDays(91));
    assertThat(rollout.activate().plan().findings()).isEmpty();

    all(finance.read(ORDERS).as(Customers.class));
    clock.advance(Duration.ofDays(30));
    MajorRollout announced = rollout.announce().commit();
    clock.advance(Duration.ofDays(80));

    assertConflict(() -> announced.activate().commit(), "finance/etl");
  }

  private static String grant(MeshClient shop, String column, Principal reader) {
    return shop.grant(ORDERS).columns(column).to(reader).because("Accounts").commit().get(0).id();
  }

  @Test
  void anActivationOpensTheNewMajorVersionAndDeprecatesTheOldOne() {
    MeshClient shop = shopWithRows();
    MajorRollout started = rollOut(shop).withoutHistory().commit();

    Plan<MajorRollout> plan = started.activate().plan();
    MajorRollout active = plan.commit();

    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("open", "deprecate");
    assertThat(active.state()).isEqualTo(Rollout.State.PARALLEL);
    assertThat(active.isWithoutHistory()).isTrue();
    assertThat(document("major/1").json()).contains("DEPRECATED", "\"successor\":2", "2026-12-20");
    assertThat(document("major/2").json()).contains("ACTIVE");
    assertThat(shop.describe(ORDERS).versions().get(0).version()).hasToString("1.0.0");
    assertThat(orders()).hasSize(3);
    assertConflict(() -> active.activate().commit(), "PARALLEL");
    assertConflict(() -> started.activate().commit(), "PARALLEL");
    assertWhole();
  }

  @Test
  void rowsThatTheNewMajorVersionLacksPreventTheActivation() {
    MeshClient shop = defineOrders(OLD);
    MajorRollout rollout = rollOut(shop).commit();
    Plan<MajorRollout> plan = rollout.activate().plan();
    assertThat(plan.findings()).isEmpty();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("as planned");
    assertConflict(() -> rollout.activate().commit(), "has rows");
    assertThat(shop.rollout(ORDERS).state()).isEqualTo(Rollout.State.PLANNED);
  }

  @Test
  void anEmptyProductIsActivatedWithoutHistory() {
    MeshClient shop = defineOrders(OLD);

    assertThat(rollOut(shop).commit().activate().commit().state())
        .isEqualTo(Rollout.State.PARALLEL);
  }

  @Test
  void anAbortedRolloutLeavesTheOldMajorVersionAsItWas() {
    MeshClient shop = shopWithRows();
    String major = document("major/1").json();
    Document pointer = document("table/orders_v1");

    MajorRollout planned = rollOut(shop).commit().abort().because("Wrong unit").commit();
    assertThat(planned.state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(planned.abortedBecause()).contains("Wrong unit");
    assertThat(document("major/1").json()).isEqualTo(major);
    assertThat(document("major/2").json()).contains("WITHDRAWN");

    MajorRollout parallel = inParallel(shop);
    assertThat(parallel.number()).isEqualTo(2);
    assertThat(parallel.to()).isEqualTo(3);
    parallel.abort().because("Wrong again").commit();
    assertThat(document("major/1").json()).isEqualTo(major);
    assertThat(document("table/orders_v1")).isEqualTo(pointer);
    assertThat(orders()).hasSize(3);
    assertThat(shop.rollouts()).extracting(Rollout::state).containsOnly(Rollout.State.ABORTED);
    assertThat(shop.rollout(ORDERS).number()).isEqualTo(2);
    assertConflict(() -> parallel.abort().because("Once more").commit(), "ABORTED");
    assertWhole();
  }

  @Test
  void aRolloutThatAConsumerFollowedIsNotAborted() {
    MeshClient shop = shopWithRows();
    MajorRollout rollout = inParallel(shop);
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("buyers")
        .purpose("Revenue")
        .majorVersion(2)
        .as(Buyers.class)
        .commit();

    assertConflict(() -> rollout.abort().because("Too late").commit(), "finance/buyers");
    assertThat(finance.rollouts()).containsExactly(rollout);
  }

  @Test
  void theNextRolloutStartsFromTheNewMajorVersion() {
    MeshClient shop = shopWithRows();
    MajorRollout first = inParallel(shop);

    MajorRollout second =
        shop.startRollout(ORDERS).contract(LESS).because("Fewer columns").withoutHistory().commit();

    assertThat(second.from()).isEqualTo(2);
    assertThat(second.to()).isEqualTo(3);
    assertConflict(() -> first.abort().because("Too late").commit(), "Rollout 2");
    second.activate().commit();
    assertConflict(() -> rollOut(shop).plan(), "limit is 3");
    assertWhole();
  }

  @Test
  void anErrorOfAWrongStateNamesTheNextStep() {
    MeshClient shop = shopWithRows();
    MajorRollout planned = rollOut(shop).commit();

    assertConflict(() -> planned.close().commit(), "PLANNED", "announce()", "backFill(..)");
    assertConflict(() -> rollOut(shop).plan(), "announce()", "abort()");
    planned.announce().commit();
    assertConflict(() -> planned.retire().commit(), "ANNOUNCED", "backFill(..) and activate()");
    planned.abort().because("Wrong unit").commit();
    assertConflict(
        () -> planned.activate().commit(), "ABORTED", "startRollout(\"commerce/orders\")");

    MajorRollout parallel = inParallel(shop);
    assertConflict(() -> parallel.retire().commit(), "PARALLEL", "announce()", "close()");
    parallel.announce().commit();
    assertConflict(() -> parallel.activate().commit(), "Next, close major version 1 with close()");
    parallel.close().commit();
    assertConflict(() -> parallel.close().commit(), "CLOSING", "retire()");
    parallel.retire().commit();
    assertConflict(() -> parallel.retire().commit(), "RETIRED", "restore()");
  }
}
