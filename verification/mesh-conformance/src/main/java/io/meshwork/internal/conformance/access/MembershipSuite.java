package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.publish.StagedPublish;
import io.meshwork.request.AccessRequest;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What an account may do for a domain ends when it leaves the domain, also on open objects. */
public abstract class MembershipSuite extends AccessRequestFixture {
  private static final Principal MOVER = Principal.of("mover", "etl");
  private static final Principal FRIEND = Principal.of("commerce-b", "friend");

  /** What a subscription says about itself as it was registered. */
  private static final Set<String> REGISTERED_FACTS =
      Set.of(
          "domain", "name", "product", "major", "purpose", "contact", "columns", "where", "limit");

  private MeshClient mover() {
    return mesh.clientAs(MOVER);
  }

  private static void assertLeft(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.NOT_OWNER))
        .hasMessageContainingAll("finance", "mover");
  }

  /** Orders of another domain, and an account that acts for finance beside its own account. */
  private void ordersForFinance() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    as("finance")
        .registerDomain("finance")
        .accounts("finance", "mover")
        .owner("finance@example.org")
        .commit();
    as("growth").registerDomain("growth").owner("growth@example.org").commit();
  }

  private void move() {
    as("finance").registerDomain("finance").accounts("finance").commit();
    as("growth").registerDomain("growth").accounts("growth", "mover").commit();
  }

  private Subscription<Order> daily(MeshClient consumer) {
    return consumer.subscribe(ORDERS).name("daily").purpose("Reports").as(Order.class).commit();
  }

  @Test
  void everyActOnAnOpenSubscriptionAsksWhetherTheAccountStillActsForTheDomain() {
    ordersForFinance();
    Subscription<Order> open = daily(mover());
    Map<String, ThrowingCallable> acts = new TreeMap<>();
    acts.put("rows", open::rows);
    acts.put("read", () -> open.read().rows());
    acts.put("poll", open::poll);
    acts.put("position", open::position);
    acts.put("freshness", open::freshness);
    acts.put("awaitFresh", () -> open.awaitFresh(Duration.ofSeconds(1)));
    acts.put("awaitComplete", () -> open.awaitComplete(clock.instant(), Duration.ofSeconds(1)));
    acts.put("seekToStart", () -> open.seekToStart().commit());
    acts.put("seekToNow", () -> open.seekToNow().commit());
    acts.put("seekToSnapshot", () -> open.seekToSnapshot("1").commit());
    acts.put("seekToTime", () -> open.seekToTime(clock.instant()).commit());
    Set<String> operations = new TreeSet<>(REGISTERED_FACTS);
    operations.addAll(acts.keySet());
    assertThat(
            Arrays.stream(Subscription.class.getMethods())
                .map(Method::getName)
                .collect(Collectors.toSet()))
        .as("a new method of a subscription passes the guard, or only tells what was registered")
        .isEqualTo(operations);

    move();
    acts.forEach(
        (name, act) ->
            assertThatThrownBy(act)
                .as(name)
                .isInstanceOfSatisfying(
                    AccessDeniedException.class,
                    denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.NOT_OWNER)));
    assertLeft(() -> open.poll(Duration.ofSeconds(1)));
    assertLeft(() -> open.read().snapshots());
    try (Batch<Order> batch = daily(as("finance")).poll()) {
      assertThat(batch).as("the domain gets its rows").hasSize(3);
    }
  }

  @Test
  void aBatchAndRowsThatWereOpenedBeforeTheMoveAreNeitherReadNorAcknowledgedAfterIt() {
    ordersForFinance();
    Subscription<Order> open = daily(mover());
    try (Batch<Order> read = open.poll();
        Batch<Order> unread = open.poll();
        Rows<Order> rows = open.rows()) {
      read.forEach(row -> {});
      move();

      assertLeft(read::ack);
      assertLeft(() -> unread.forEach(row -> {}));
      assertLeft(() -> rows.forEach(row -> {}));
    }
    move("growth", "finance");
    try (Batch<Order> again = open.poll()) {
      assertThat(again).as("it acts for the domain again").hasSize(3);
      again.ack();
    }
    assertThat(open.poll().isEmpty()).isTrue();
  }

  private void move(String from, String to) {
    as(from).registerDomain(from).accounts(from).commit();
    as(to).registerDomain(to).accounts(to, "mover").commit();
  }

  @Test
  void anOverviewThatWasOpenedBeforeTheMoveAnswersForTheDomainOfTheQuestion() {
    ordersForFinance();
    daily(mover());
    MeshOverview open = mover().overview();
    assertThat(open.uses())
        .anyMatch(use -> use.domain().equals("finance") && use.subscription().isPresent());

    move();

    assertThat(open.uses())
        .isEqualTo(mover().overview().uses())
        .noneMatch(use -> use.subscription().isPresent());
    assertThat(open.health()).isEqualTo(mover().overview().health());
  }

  @Test
  void anAccountWithoutADomainActsForNone() {
    ordersForFinance();
    Subscription<Order> open = daily(mover());
    as("finance").registerDomain("finance").accounts("finance").commit();

    assertThatThrownBy(open::poll)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("acts for no domain now");
  }

  @Test
  void whatWasPreparedForADomainIsNotCommittedAfterTheMove() {
    as("commerce")
        .registerDomain("commerce")
        .accounts("commerce", "mover")
        .owner("shop@example.org")
        .administrators(shop().principal(), MOVER)
        .commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    registerFinance();
    as("growth").registerDomain("growth").owner("growth@example.org").commit();
    AccessRequest request = ask();
    StagedPublish staged =
        mover().publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").stage();
    AccessPlan<List<GrantSummary>> grant =
        mover().grant(ORDERS).to(ANALYST).because("Reports").plan();
    AccessPlan<AccessRequest> approval = mover().requests().approve(request).plan();
    List<ThrowingCallable> acts =
        List.of(
            staged.promote()::commit,
            staged::discard,
            grant::commit,
            approval::commit,
            mover().publish(ORDERS).records(Order.range(3, 4))::commit,
            mover().registerDomain("commerce").description("Mine")::commit,
            mover().governance().suspendReads(ORDERS).because("Wrong")::commit);
    shop().registerDomain("commerce").accounts("commerce").commit();
    as("growth").registerDomain("growth").accounts("growth", "mover").commit();

    State before = state();
    for (ThrowingCallable act : acts) {
      assertThatThrownBy(act).isInstanceOf(MeshException.class);
    }
    assertNothingChanged(before);
    assertNotReadable();
  }

  @Test
  void anApprovalOfADeciderWhoseAccountLeftDoesNotCountAsOneOfTwo() {
    as("commerce")
        .registerDomain("commerce")
        .accounts("commerce", "mover")
        .owner("shop@example.org")
        .administrators(shop().principal())
        .deciders(LEAD, PRIVACY, MOVER)
        .commit();
    shop().defineProduct(ORDERS).contract(sensitive().requireFourEyes()).commit();
    registerFinance();
    AccessRequest request = ask();
    assertThat(mover().requests().approve(request.id()).commit().approvalsMissing()).isEqualTo(1);
    shop().registerDomain("commerce").accounts("commerce").commit();

    assertThat(lead().requests().approve(request.id()).commit().approvalsMissing()).isEqualTo(1);
    assertNotReadable();
    privacy().requests().approve(request.id()).commit();
    assertThat(readable()).isNotEmpty();
  }

  /** The role that registered the domain leaves it to others. */
  private void registrarLeaves() {
    registerShop().registerDomain("commerce").accounts("commerce", "commerce-b").commit();
    shop().registerDomain("commerce").administrators(FRIEND).deciders(FRIEND).commit();
    mesh.clientAs(FRIEND).registerDomain("commerce").accounts("commerce-b").commit();
  }

  @Test
  void aRoleThatRegisteredItsOwnDomainDoesNotGovernItAfterItLeft() {
    registrarLeaves();
    Principal own = Principal.of("commerce-b", "other");
    String place = "file:///elsewhere";
    for (ThrowingCallable act :
        List.<ThrowingCallable>of(
            () -> shop().registerDomain("commerce").administrators(own).commit(),
            () -> shop().registerDomain("commerce").deciders(own).commit(),
            () -> shop().registerDomain("commerce").location(place).commit())) {
      State before = state();
      assertThatThrownBy(act).isInstanceOf(MeshException.class);
      assertNothingChanged(before);
    }
    assertThatThrownBy(() -> shop().registerDomain("commerce").administrators(own).commit())
        .isInstanceOf(AccessDeniedException.class);

    mesh.clientAs(FRIEND).registerDomain("commerce").accounts("commerce-b", "commerce").commit();
    assertThatThrownBy(
            () -> shop().registerDomain("commerce").administrators(shop().principal()).commit())
        .as("it came back as a role like any other")
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("administrator");
    assertThat(shop().registerDomain("commerce").description("Sales").commit().description())
        .isEqualTo("Sales");
  }

  @Test
  void aPrincipalThatRegisteredADomainForOthersGovernsItUnlessItsAccountActsForIt() {
    MeshClient platform = as("platform");
    platform
        .registerDomain("finance")
        .accounts("finance")
        .owner("finance@example.org")
        .administrators(ANALYST)
        .commit();
    Principal intern = Principal.of("finance", "intern");
    assertThat(administrators(platform, ANALYST, intern)).hasSize(2);
    analyst().registerDomain("finance").accounts("finance", "platform").commit();
    assertThatThrownBy(() -> administrators(platform, intern))
        .isInstanceOf(AccessDeniedException.class);
    analyst().registerDomain("finance").accounts("finance").commit();

    assertThat(administrators(platform, ANALYST)).containsExactly(ANALYST);
  }

  private static List<Principal> administrators(MeshClient client, Principal... principals) {
    Domain domain = client.registerDomain("finance").administrators(principals).commit();
    return domain.administrators();
  }
}
