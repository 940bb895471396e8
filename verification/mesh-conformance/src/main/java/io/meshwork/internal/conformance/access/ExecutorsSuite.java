package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What executors grant lies in the partition of their account, and counts only while an
 * authorization covers it.
 */
public abstract class ExecutorsSuite extends AuthorizationFixture {
  private static final String BY_CENTRAL = "commerce/@by/central";

  private Set<Key> keys(String partition, String prefix) {
    Set<Key> keys = new TreeSet<>(registry.documents().keySet());
    keys.removeIf(key -> !key.partition().equals(partition) || !key.sort().startsWith(prefix));
    return keys;
  }

  private Document stored(Key key) {
    return registry.read(key).orElseThrow();
  }

  /** A copy of the document of an executed grant, with another id. */
  private ObjectNode copied(GrantSummary grant, String id) {
    Document real = stored(new Key(BY_CENTRAL, "grant/orders/" + grant.id()));
    return DocumentJson.parseObject("grant", real.json()).put("id", id);
  }

  /** Writes to the registry as someone whom no client of the mesh checks. */
  private void write(Consumer<Transaction.Builder> changes) {
    String attempt = IdGenerator.secure(clock).next();
    Transaction.Builder transaction =
        Transaction.attempt(attempt.substring(0, 14) + "8" + attempt.substring(15));
    changes.accept(transaction);
    assertThat(registry.commit(transaction.build())).isEqualTo(Outcome.COMMITTED);
  }

  private List<Finding> uncovered() {
    return mesh.doctor().problems().stream()
        .filter(finding -> finding.code().equals(FindingCode.NO_AUTHORIZATION))
        .toList();
  }

  @Test
  void anExecutorWritesOnlyToThePartitionOfItsAccount() {
    MeshClient shop = shopBesideOthers();
    standing();
    State before = state();
    GrantSummary grant = granted(ETL);

    Set<String> written = new TreeSet<>();
    state()
        .documents()
        .forEach(
            (key, document) -> {
              if (!document.equals(before.documents().get(key))) {
                written.add(key.partition());
              }
            });
    assertThat(written).containsExactly(BY_CENTRAL);
    assertThat(keys(BY_CENTRAL, "grant/"))
        .containsExactly(new Key(BY_CENTRAL, "grant/orders/" + grant.id()));
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    State granted = state();
    assertThat(granted(ETL)).isEqualTo(grant);
    assertNothingChanged(granted);
    assertThat(steward().revoke(grant.id()).on(ORDERS).commit()).containsExactly(grant);
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(shop.access().grants()).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aDocumentThatNoAuthorizationCoversGivesNoAccessAndIsFound() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorize(ORDERS)
        .executors(STEWARD)
        .consumers(ETL)
        .because("Only this one")
        .commit();
    GrantSummary grant = granted(ETL);
    ObjectNode copy =
        copied(grant, "00000000000000000000").put("to", "arn:aws:iam::finance:role/analyst");
    ObjectNode unauthorized =
        copied(grant, "11111111111111111111").put("authorization", "22222222222222222222");
    ObjectNode byOther = copied(grant, "33333333333333333333").put("executedBy", "central/other");
    Key key = new Key(BY_CENTRAL, "grant/orders/00000000000000000000");
    write(
        forged ->
            forged
                .insert(key, DocumentJson.write(copy))
                .insert(
                    new Key(BY_CENTRAL, "grant/orders/11111111111111111111"),
                    DocumentJson.write(unauthorized))
                .insert(
                    new Key(BY_CENTRAL, "grant/orders/33333333333333333333"),
                    DocumentJson.write(byOther))
                .insert(new Key(BY_CENTRAL, "grant/orders/nonsense"), "{\"format\":1}"));

    assertThat(columnsReadBy(ANALYST)).isEmpty();
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(uncovered()).hasSize(4).extracting(Finding::where).contains(key.toString());
    assertThat(shop.revoke("00000000000000000000").commit()).hasSize(1);
    assertThat(uncovered()).hasSize(3);
    assertThat(columnsReadBy(ETL)).contains("id");
  }

  @Test
  void aGrantToAnotherAccountOfTheExecutorsDomainGivesNoAccess() {
    MeshClient shop = shopBesideOthers();
    steward()
        .registerDomain("central")
        .accounts("central", "annex")
        .owner("central@example.org")
        .commit();
    AuthorizationSummary authorization = standing();
    GrantSummary grant = granted(ETL);
    Principal annex = Principal.of("annex", "analyst");
    assertUnauthorized(() -> granted(annex), "EXECUTOR_IS_CONSUMER");
    ObjectNode toAnnex =
        copied(grant, "44444444444444444444").put("to", "arn:aws:iam::annex:role/analyst");
    Key key = new Key(BY_CENTRAL, "grant/orders/44444444444444444444");
    write(forged -> forged.insert(key, DocumentJson.write(toAnnex)));

    assertThatThrownBy(() -> all(mesh.clientAs(annex).read(ORDERS).as(Order.class)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(columnsReadBy(annex)).isEmpty();
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(uncovered()).extracting(Finding::where).containsExactly(key.toString());

    shop.revoke(key.toString()).commit();
    shop.access().withdrawAuthorization(authorization.id()).cascade().commit();
    shop.access()
        .authorize(ORDERS)
        .executors(STEWARD)
        .consumers(annex)
        .because("The annex reports on it")
        .commit();
    granted(annex);
    assertThat(all(mesh.clientAs(annex).read(ORDERS).as(Order.class))).hasSize(3);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anExecutorWhoseAccountComesBackToTheConsumersDomainGrantedNothing() {
    shopBesideOthers();
    MeshClient finance = as("finance");
    finance.registerDomain("finance").accounts("finance", "helper").commit();
    shop()
        .access()
        .authorize(ORDERS)
        .executorAccounts("helper")
        .forAnyConsumer()
        .because("b")
        .commit();
    finance.registerDomain("finance").accounts("finance").commit();
    mesh.clientAs(Principal.of("helper", "job")).grant(ORDERS).to(ETL).because("Own").commit();
    assertThat(all(finance.read(ORDERS).as(Order.class))).hasSize(3);

    finance.registerDomain("finance").accounts("finance", "helper").commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThatThrownBy(() -> finance.read(ORDERS).as(Order.class).rows())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void documentsThatCannotBeReadGiveNoAccessAndTheOwnerRemovesThem() {
    MeshClient shop = shopBesideOthers();
    String request = requested();
    one(ORDERS).request(request).commit();
    standing();
    delegated();
    GrantSummary grant = granted(ETL);
    mesh.clientAs(DEPUTY).grant(ORDERS).to(ANALYST).because("Revenue").commit();
    Key ofGrant = new Key(BY_CENTRAL, "grant/orders/00000000000000000000");
    Key ofDomainGrant = new Key(BY_CENTRAL, "grant/@/11111111111111111111");
    Key unnamed = new Key(BY_CENTRAL, "grant/orders/nonsense");
    Key ofAuthorization = new Key("commerce/@by/growth", "authorization/22222222222222222222");
    Key ofExecutor = new Key("commerce/@by/growth", "executor/other");
    Key decision = new Key(BY_CENTRAL, "decision/" + request + "/final");
    Key policy = new Key(BY_CENTRAL, "policy");
    String policyVersion = stored(policy).version();
    write(
        damaged ->
            damaged
                .insert(ofGrant, "nonsense")
                .insert(ofDomainGrant, "{\"format\":2}")
                .insert(unnamed, "[]")
                .insert(ofAuthorization, "{\"format\":2}")
                .insert(ofExecutor, "nonsense")
                .insert(decision, "{\"format\":1,\"verdict\":\"MAYBE\"}")
                .replace(policy, "nonsense", policyVersion));

    assertThat(all(as("finance").read(ORDERS).as(Order.class))).hasSize(3);
    assertThat(columnsReadBy(ANALYST)).contains("id");
    assertThat(shop.access().grants()).hasSize(2).contains(grant);
    assertThat(shop.access().authorizations()).hasSize(3);
    assertThat(shop.requests().received())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.WAITING);
    assertThatThrownBy(() -> granted(ANALYST))
        .as("it may be of a newer format")
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(policy.toString());
    assertThat(uncovered())
        .extracting(Finding::where)
        .containsExactlyInAnyOrder(
            Stream.of(
                    ofGrant, ofDomainGrant, unnamed, ofAuthorization, ofExecutor, decision, policy)
                .map(Key::toString)
                .toArray(String[]::new));

    mesh.maintain().commit();
    assertThat(shop.revoke("00000000000000000000").commit()).isEmpty();
    String[] others = uncovered().stream().map(Finding::where).toArray(String[]::new);
    assertThat(others).hasSize(6);
    assertThat(shop.revoke(others).plan().steps()).hasSize(6);
    assertThat(shop.revoke(others).because("Damaged").commit()).isEmpty();

    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(registry.read(unnamed)).isEmpty();
    assertThat(granted(ANALYST).executedBy()).isEqualTo("central/steward");
    assertThat(shop.access().grants()).hasSize(3);
  }

  @Test
  void aDocumentThatGivesAccessIsNotRemovedByItsKey() {
    MeshClient shop = shopBesideOthers();
    standing();
    GrantSummary grant = granted(ETL);
    Key key = new Key(BY_CENTRAL, "grant/orders/" + grant.id());
    State before = state();

    assertThat(shop.revoke(key.toString()).commit()).isEmpty();
    assertNothingChanged(before);
    assertThatThrownBy(() -> shop.revoke("nonsense")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aDecisionThatCannotBeReadStaysBehindWithItsAuthorization() {
    MeshClient shop = shopBesideOthers();
    String request = requested();
    AuthorizationSummary authorization = one(ORDERS).request(request).commit();
    Key decision = new Key(BY_CENTRAL, "decision/" + request + "/final");
    write(forged -> forged.insert(decision, "nonsense"));

    shop.access().withdrawAuthorization(authorization.id()).commit();

    assertThat(keys("commerce/orders", "decision/" + request + "/final")).isEmpty();
    assertThat(uncovered()).extracting(Finding::where).containsExactly(decision.toString());
    assertThat(shop.requests().approve(request).because("Revenue").commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
  }

  @Test
  void anExecutorsPartitionIsReadOnlyIfTheOwnerNamedItsAccount() {
    MeshClient shop = shopBesideOthers();
    standing();
    GrantSummary grant = granted(ETL);
    ObjectNode copy =
        copied(grant, grant.id())
            .put("to", "arn:aws:iam::finance:role/analyst")
            .put("executedBy", "growth/deputy");
    write(
        forged ->
            forged.insert(
                new Key("commerce/@by/growth", "grant/orders/" + grant.id()),
                DocumentJson.write(copy)));
    shop.access().authorize(ORDERS).executors(STEWARD).forAnyConsumer().because("Again").commit();

    assertThat(columnsReadBy(ANALYST)).isEmpty();
    assertThat(shop.access().grants()).containsExactly(grant);
  }

  @Test
  void eventsAndAuditShowAnExecutedGrantOnce() {
    MeshClient shop = shopBesideOthers();
    standing();
    GrantSummary grant = granted(ETL);

    assertThat(shop.events(BY_CENTRAL).list())
        .extracting(MeshEvent::type)
        .containsExactly(MeshEvent.Type.GRANT_MADE);
    assertThat(shop.events(ORDERS).list())
        .extracting(MeshEvent::type)
        .doesNotContain(MeshEvent.Type.GRANT_MADE);
    for (String about : List.of(ORDERS, "commerce")) {
      assertThat(shop.governance().audit().subject(about).list())
          .filteredOn(entry -> entry.action().equals(MeshEvent.Type.GRANT_MADE.text()))
          .as("the audit of %s", about)
          .extracting(Audit.Entry::log)
          .containsExactly(BY_CENTRAL);
    }
    assertThat(shop.governance().accessReview("commerce").entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.grant()).isEqualTo(grant);
              assertThat(entry.made()).contains(clock.instant());
            });
  }

  @Test
  void theOwnerRevokesWhatAnExecutorGranted() {
    MeshClient shop = shopBesideOthers();
    standing();
    GrantSummary grant = granted(ETL);
    assertThat(shop.revoke(grant.id()).plan().losses())
        .extracting(AccessChange::who)
        .containsExactly("finance/etl");
    assertThat(shop.revoke(grant.id()).because("Done").commit()).containsExactly(grant);
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(keys(BY_CENTRAL, "grant/")).isEmpty();
    assertThat(granted(ETL)).isEqualTo(grant);
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anExecutedGrantEndsAndBothAreReminded() {
    MeshClient shop = shopBesideOthers();
    standing();
    steward()
        .grant(ORDERS)
        .to(ETL)
        .until(clock.instant().plus(Duration.ofDays(10)))
        .because("Ten days")
        .commit();
    mesh.maintain().commit();
    assertThat(columnsReadBy(ETL)).contains("id");
    clock.advance(Duration.ofDays(10));
    assertThat(columnsReadBy(ETL)).isEmpty();
    mesh.maintain().commit();
    mesh.maintain().commit();
    assertThat(shop.events(BY_CENTRAL).list())
        .extracting(MeshEvent::type)
        .containsExactly(
            MeshEvent.Type.GRANT_MADE, MeshEvent.Type.GRANT_ENDING, MeshEvent.Type.GRANT_ENDED);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void theLogOfAnExecutorIsArchivedAndVerified() {
    MeshClient shop = shopBesideOthers();
    standing();
    granted(ETL);
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();

    assertThat(keys(BY_CENTRAL, "archive/")).hasSize(1);
    assertThat(mesh.doctor().problems()).isEmpty();
    mesh.maintain().commit();
    assertThat(keys(BY_CENTRAL, "archive/")).as("the file is known").hasSize(1);
    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(shop.events(BY_CENTRAL).list())
        .extracting(MeshEvent::type)
        .contains(MeshEvent.Type.GRANT_MADE);
  }

  @Test
  void grantsStayAfterAWithdrawalByMovingToTheOwner() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary authorization = standing();
    Principal[] first = readers(0, 40);
    Principal[] second = readers(40, 80);
    steward().grant(ORDERS).to(first).because("Revenue").commit();
    steward().grant(ORDERS).to(second).because("Revenue").commit();
    steward().grant(ORDERS).to(ETL).because("Revenue").commit();
    List<String> granted = ids(shop.access().grants());
    assertThat(granted).hasSize(81);

    assertThat(shop.access().withdrawAuthorization(authorization.id()).plan().commit())
        .containsExactly(authorization);

    assertThat(ids(shop.access().grants())).hasSameElementsAs(granted);
    assertThat(keys(BY_CENTRAL, "grant/")).isEmpty();
    assertThat(keys("commerce/orders", "grant/")).hasSize(81);
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(columnsReadBy(first[0])).contains("id");
    assertThat(shop.access().authorizations()).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void grantsStayWhenTheirAuthorizationGetsAnEarlierEnd() {
    shopBesideOthers();
    AuthorizationSummary authorization = standing();
    granted(ETL);

    assertThat(
            one(ORDERS).forAnyConsumer().until(clock.instant().plus(Duration.ofDays(30))).commit())
        .extracting(AuthorizationSummary::id)
        .isEqualTo(authorization.id());

    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void manyGrantsAreRevokedWithTheirAuthorization() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary authorization = standing();
    steward().grant(ORDERS).to(readers(0, 40)).because("Revenue").commit();
    steward().grant(ORDERS).to(readers(40, 80)).because("Revenue").commit();
    steward().grant(ORDERS).to(readers(80, 120)).because("Revenue").commit();

    shop.access().withdrawAuthorization(authorization.id()).cascade().commit();

    assertThat(shop.access().grants()).isEmpty();
    assertThat(keys(BY_CENTRAL, "grant/")).isEmpty();
    assertThat(columnsReadBy(Principal.of("finance", "reader-0"))).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  private static Principal[] readers(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(number -> Principal.of("finance", "reader-" + number))
        .toArray(Principal[]::new);
  }

  private static List<String> ids(List<GrantSummary> grants) {
    return grants.stream().map(GrantSummary::id).toList();
  }

  @Test
  void aGrantDuringTheWithdrawalOfItsAuthorizationStaysToo() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary authorization = standing();
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> granted(ETL));
    shop.access().withdrawAuthorization(authorization.id()).commit();
    faults.clear();

    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(keys(BY_CENTRAL, "grant/")).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aLostReplyToAnExecutedGrantLeavesItOnce() {
    MeshClient shop = shopBesideOthers();
    standing();
    registry.next(ScriptedRegistry.Fault.REPLY_LOST);
    GrantSummary grant = granted(ETL);
    registry.next(ScriptedRegistry.Fault.REJECTED);
    assertThat(granted(ANALYST).executedBy()).isEqualTo("central/steward");

    assertThat(shop.access().grants()).hasSize(2).contains(grant);
    assertThat(shop.events(BY_CENTRAL).list())
        .extracting(MeshEvent::type)
        .containsExactly(MeshEvent.Type.GRANT_MADE, MeshEvent.Type.GRANT_MADE);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void theDecisionOfAnExecutorStaysAfterItsAuthorization() {
    MeshClient shop = shopBesideOthers();
    String request = requested();
    AuthorizationSummary authorization = one(ORDERS).request(request).commit();
    steward().grant(ORDERS).columns("id").to(ETL).request(request).because("Revenue").commit();
    Key decision = new Key(BY_CENTRAL, "decision/" + request + "/final");
    assertThat(registry.read(decision)).isPresent();
    assertThatThrownBy(() -> as("finance").requests().withdraw(request).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");

    shop.access().withdrawAuthorization(authorization.id()).commit();

    assertThat(registry.read(decision)).isEmpty();
    assertThat(shop.requests().received())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.APPROVED);
    assertThat(columnsReadBy(ETL)).containsExactly("id");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aDecisionThatNoAuthorizationIsForDecidesNothing() {
    MeshClient shop = shopBesideOthers();
    standing();
    granted(ANALYST);
    String request = requested();
    write(
        forged ->
            forged.insert(
                new Key(BY_CENTRAL, "decision/" + request + "/final"),
                "{\"format\":1,\"verdict\":\"APPROVED\",\"by\":\"central/steward\"}"));

    assertThat(shop.requests().received())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.WAITING);
    assertThat(uncovered())
        .extracting(Finding::where)
        .containsExactly(new Key(BY_CENTRAL, "decision/" + request + "/final").toString());
    assertThat(shop.requests().deny(request).because("No").commit().state())
        .isEqualTo(AccessRequest.State.DENIED);
  }

  @Test
  void whatADelegateWasGrantedStaysUnderTheAuthorizationOfTheDelegator() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary delegated = delegated();
    MeshClient growth = mesh.clientAs(DEPUTY);
    AuthorizationSummary under = byDelegate(growth).commit();
    assertThat(keys("commerce/@by/growth", "authorization/")).hasSize(1);
    GrantSummary grant = granted(ETL);
    assertThat(keys(BY_CENTRAL, "grant/")).hasSize(1);

    assertThat(growth.access().withdrawAuthorization(under.id()).on(ORDERS).commit())
        .containsExactly(under);
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(shop.access().grants())
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.id()).isEqualTo(grant.id());
              assertThat(summary.authorization()).contains(delegated.id());
              assertThat(summary.executedBy()).isEqualTo("growth/deputy");
            });
    assertUnauthorized(() -> granted(ANALYST), "NO_AUTHORIZATION");
    assertThat(uncovered()).as("what the delegate wrote is left").hasSize(1);

    shop.access().withdrawAuthorization(delegated.id()).cascade().commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(shop.access().grants()).isEmpty();
  }

  @Test
  void executorsOfTwoAccountsHaveAGrantEach() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorize(ORDERS)
        .executors(STEWARD, DEPUTY)
        .forAnyConsumer()
        .because("Either may")
        .commit();
    GrantSummary one = granted(ETL);
    GrantSummary second =
        mesh.clientAs(DEPUTY).grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    assertThat(second.id()).isNotEqualTo(one.id());
    assertThat(shop.access().grants()).containsExactlyInAnyOrder(one, second);
    assertThat(steward().revoke(second.id()).on(ORDERS).commit())
        .as("each account revokes its own")
        .isEmpty();
    steward().revoke(one.id()).on(ORDERS).commit();
    assertThat(columnsReadBy(ETL)).contains("id");
    shop.revoke(second.id()).commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }
}
