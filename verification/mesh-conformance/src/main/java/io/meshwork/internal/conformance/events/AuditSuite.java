package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The audit lists who did what, is visible to the parties concerned, and detects changed logs. */
public abstract class AuditSuite extends MeshFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** Defines orders and grants them to an analyst one hour later. */
  private MeshClient grantedOrders() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    clock.advance(Duration.ofHours(1));
    shop.grant(ORDERS).rows("amount >= 77.31").to(ANALYST).because("Revenue").commit();
    return shop;
  }

  private static List<String> actions(Audit audit) {
    return audit.list().stream().map(Audit.Entry::action).toList();
  }

  private static List<String> lines(Audit audit) {
    StringBuilder out = new StringBuilder();
    try {
      audit.exportTo(out);
    } catch (IOException e) {
      throw new AssertionError("a StringBuilder does not fail", e);
    }
    return out.toString().lines().toList();
  }

  @Test
  void theAuditOfAProductListsItsChangesNewestFirst() {
    MeshClient shop = grantedOrders();

    List<Audit.Entry> entries = shop.governance().audit().subject(ORDERS).list();

    assertThat(entries)
        .extracting(Audit.Entry::action)
        .containsExactly(
            MeshEvent.Type.GRANT_MADE.text(),
            MeshEvent.Type.PRODUCT_PUBLISHED.text(),
            MeshEvent.Type.PRODUCT_DEFINED.text());
    assertThat(entries).extracting(Audit.Entry::outcome).containsOnly(Audit.Outcome.DONE);
    assertThat(entries).extracting(Audit.Entry::who).containsOnly("commerce/etl");
    assertThat(entries).extracting(Audit.Entry::subject).containsOnly(ORDERS);
    MeshEvent published = shop.events(ORDERS).list().get(1);
    assertThat(entries.get(1).id()).isEqualTo(published.id());
    assertThat(entries.get(1).hash()).isEqualTo(published.hash());
    assertThat(entries.get(1).at()).isEqualTo(published.at());
    assertThat(entries.get(1).details()).containsEntry("rowsAccepted", "3");
    assertThat(entries.get(0).details().get("grants")).contains("rowsHash", "finance:role/analyst");
    assertThat(entries.toString()).doesNotContain("77.31");
  }

  @Test
  void theAuditOfAProductListsRevocationsAndBatchedChanges() {
    MeshClient shop = grantedOrders();
    shop.defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    clock.advance(Duration.ofHours(1));
    shop.revoke(shop.access().grants().get(0).id()).because("The project is over").commit();
    clock.advance(Duration.ofHours(1));
    String requestId =
        as("finance")
            .requests()
            .requestAccess(ORDERS)
            .columns("id")
            .purpose("Revenue")
            .commit()
            .id();
    clock.advance(Duration.ofHours(1));
    shop.access()
        .plan(
            shop.grant(ORDERS).columns("id").to(ANALYST).because("Counts"),
            shop.grant("commerce/returns").to(ANALYST).because("Returns"),
            shop.requests().approve(requestId).because("Agreed"))
        .commit();

    List<Audit.Entry> entries = shop.governance().audit().subject(ORDERS).list();
    assertThat(entries)
        .extracting(Audit.Entry::action)
        .containsExactly(
            MeshEvent.Type.ACCESS_APPROVED.text(),
            MeshEvent.Type.GRANT_MADE.text(),
            MeshEvent.Type.ACCESS_REQUESTED.text(),
            MeshEvent.Type.GRANT_REVOKED.text(),
            MeshEvent.Type.GRANT_MADE.text(),
            MeshEvent.Type.PRODUCT_PUBLISHED.text(),
            MeshEvent.Type.PRODUCT_DEFINED.text());
    assertThat(entries).extracting(Audit.Entry::subject).containsOnly(ORDERS);
    assertThat(entries).extracting(Audit.Entry::id).doesNotHaveDuplicates();
    assertThat(entries.get(3).details()).containsEntry("reason", "The project is over");
    assertThat(entries.get(1).details().get("grants")).contains(ORDERS).doesNotContain("returns");
    assertThat(actions(shop.governance().audit().subject(ORDERS).kinds("grant")))
        .containsExactly(
            MeshEvent.Type.GRANT_MADE.text(),
            MeshEvent.Type.GRANT_REVOKED.text(),
            MeshEvent.Type.GRANT_MADE.text());
    assertThat(actions(shop.governance().audit().subject("commerce").kinds("grant"))).hasSize(4);
    assertThat(lines(shop.governance().audit().subject(ORDERS).kinds("grant"))).hasSize(3);
    assertThat(actions(shop.governance().audit().subject(ORDERS).kinds("access").limit(1)))
        .containsExactly(MeshEvent.Type.ACCESS_APPROVED.text());
  }

  @Test
  void revocationsInOneTransactionNotifyEachOwner() {
    MeshClient shop = grantedOrders();
    MeshClient finance = as("finance");
    finance.defineProduct("finance/ledger").contract(Contract.of(Order.class)).commit();
    shop.grant(ORDERS)
        .toAccounts("finance")
        .withGrantOption()
        .because("They share it among themselves")
        .commit();
    String own = finance.grant("finance/ledger").to(ANALYST).because("Own").commit().get(0).id();
    String passedOn =
        finance.grant(ORDERS).columns("id").to(ANALYST).because("Counts").commit().get(0).id();
    clock.advance(Duration.ofHours(1));
    finance.revoke(own, passedOn).commit();

    List<Audit.Entry> revocations =
        shop.governance().audit().subject(ORDERS).kinds(MeshEvent.Type.GRANT_REVOKED.text()).list();
    assertThat(revocations).singleElement().extracting(Audit.Entry::who).isEqualTo("finance/etl");
    assertThat(revocations.get(0).details().get("grants"))
        .contains(passedOn)
        .doesNotContain("ledger");
    assertThat(finance.governance().audit().subject("finance").kinds("grant.revoked").list())
        .extracting(Audit.Entry::subject)
        .containsExactlyInAnyOrder("finance/ledger", ORDERS);
  }

  @Test
  void anAuditObjectKeepsTheAccessThatItWasCreatedWith() {
    MeshClient shop = grantedOrders();
    Audit all = shop.governance().audit();
    List<String> before = lines(all);

    assertThat(all.subject(ORDERS).kinds("grant").principal(ANALYST).until(Instant.EPOCH).list())
        .isEmpty();
    assertThat(all.subject(ORDERS).since(clock.instant().plusSeconds(1)).limit(1).list()).isEmpty();

    assertThat(lines(all)).isEqualTo(before).hasSizeGreaterThan(3);
  }

  @Test
  void theAuditIsFilteredByTimeKindPrincipalAndCount() {
    MeshClient shop = grantedOrders();
    Instant granted = clock.instant();

    assertThat(actions(shop.governance().audit().subject(ORDERS).since(granted)))
        .containsExactly(MeshEvent.Type.GRANT_MADE.text());
    assertThat(actions(shop.governance().audit().subject(ORDERS).until(granted)))
        .containsExactly(
            MeshEvent.Type.PRODUCT_PUBLISHED.text(), MeshEvent.Type.PRODUCT_DEFINED.text());
    assertThat(actions(shop.governance().audit().subject(ORDERS).kinds("grant", "product.defined")))
        .containsExactly(MeshEvent.Type.GRANT_MADE.text(), MeshEvent.Type.PRODUCT_DEFINED.text());
    assertThatThrownBy(() -> shop.governance().audit().subject(ORDERS).kinds("grnt"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("'grnt'", "Did you mean 'grant'?");
    assertThat(lines(shop.governance().audit().subject(ORDERS).kinds("grant")))
        .singleElement()
        .asString()
        .contains("\"grants\":[{");
    assertThat(actions(shop.governance().audit().subject(ORDERS).limit(1)))
        .containsExactly(MeshEvent.Type.GRANT_MADE.text());
    assertThat(actions(shop.governance().audit().principal(Principal.of("finance", "etl"))))
        .as("every domain may read the log of the mesh")
        .containsExactly(MeshEvent.Type.DOMAIN_REGISTERED.text());
    assertThat(actions(shop.governance().audit().subject("_mesh").kinds("mesh")))
        .containsExactlyInAnyOrder(
            MeshEvent.Type.MESH_CREATED.text(), MeshEvent.Type.MESH_PLACED.text());
    assertThat(actions(shop.governance().audit().subject("commerce")))
        .as("the log of a folder may begin with the time of another clock")
        .containsExactlyInAnyOrder(
            MeshEvent.Type.GRANT_MADE.text(),
            MeshEvent.Type.PRODUCT_PUBLISHED.text(),
            MeshEvent.Type.PRODUCT_DEFINED.text(),
            MeshEvent.Type.DOMAIN_REGISTERED.text());
  }

  @Test
  void aConsumerAuditsItsOwnActionsOnly() {
    MeshClient shop = grantedOrders();
    MeshClient finance = as("finance");
    mesh.clientAs(ANALYST).subscribe(ORDERS).name("revenue").purpose("Revenue").commit();

    assertThat(finance.governance().audit().subject(ORDERS).principal(ANALYST).list())
        .extracting(Audit.Entry::action)
        .containsExactly(MeshEvent.Type.SUBSCRIPTION_REGISTERED.text());
    assertThat(finance.governance().audit().list())
        .extracting(Audit.Entry::subject)
        .doesNotContain("commerce/refunds");
    assertThat(actions(finance.governance().audit()))
        .doesNotContain(MeshEvent.Type.PRODUCT_PUBLISHED.text(), MeshEvent.Type.GRANT_MADE.text())
        .contains(MeshEvent.Type.SUBSCRIPTION_REGISTERED.text());
    assertThat(actions(shop.governance().audit().subject(ORDERS)))
        .as("the owner sees who subscribed")
        .contains(MeshEvent.Type.SUBSCRIPTION_REGISTERED.text());
    assertThatThrownBy(() -> finance.governance().audit().subject(ORDERS).list())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.NOT_OWNER))
        .hasMessageContaining("query the audit of " + ORDERS);
    assertThatThrownBy(() -> shop.governance().audit().subject("commerce/ordres").list())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(ORDERS);
  }

  @Test
  void theAuditIsExportedAsLinesOldestFirst() {
    MeshClient shop = grantedOrders();

    List<String> lines = lines(shop.governance().audit().subject(ORDERS));

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .startsWith("{\"format\":1,\"id\":\"commerce/orders/1\"")
        .contains("\"action\":\"product.defined\"", "\"outcome\":\"done\"");
    assertThat(lines.get(2)).contains("\"action\":\"grant.made\"").doesNotContain("77.31");
    assertThat(lines(shop.governance().audit().subject(ORDERS).since(clock.instant()))).hasSize(1);
  }

  @Test
  void anUntouchedMeshVerifies() {
    MeshClient shop = grantedOrders();

    assertThat(shop.governance().audit().verify()).isEmpty();
    assertThat(shop.governance().audit().subject(ORDERS).verify()).isEmpty();
    assertThat(shop.governance().audit().subject("commerce").verify()).isEmpty();
  }

  @Test
  void readsOfManyLongColumnsByManyRolesAreAllCounted() {
    SchemaBuilder.FieldAssembler<Schema> columns = SchemaBuilder.record("Wide").fields();
    columns.requiredInt("hidden");
    for (int i = 0; i < 100; i++) {
      columns.requiredInt("c".repeat(200) + i);
    }
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(columns.endRecord())).commit();
    registerFinance();
    Principal[] roles = new Principal[20];
    Arrays.setAll(roles, i -> Principal.of("finance", "role" + i));
    shop.grant(ORDERS).exceptColumns("hidden").to(roles).because("Reports").commit();

    for (int i = 0; i < 3; i++) {
      Stream.of(roles).forEach(role -> all(mesh.clientAs(role).read(ORDERS)));
    }

    assertThat(shop.governance().audit().subject(ORDERS).kinds("read.seen").list())
        .extracting(entry -> entry.details().get("count"))
        .hasSize(2 * roles.length)
        .containsOnly("1", "2");
  }

  @Test
  void readsAndDenialsAreCountedPerHour() {
    MeshClient shop = grantedOrders();
    MeshClient analyst = mesh.clientAs(ANALYST);
    Instant hour = clock.instant();

    for (int i = 0; i < 3; i++) {
      all(analyst.read(ORDERS).columns("id").where("amount >= 0"));
      assertDenied(() -> all(as("finance").read(ORDERS)));
      clock.advance(Duration.ofMinutes(10));
    }
    clock.advance(Duration.ofHours(1));
    all(analyst.read(ORDERS));

    List<Audit.Entry> reads = shop.governance().audit().subject(ORDERS).kinds("read.seen").list();
    assertThat(reads).extracting(Audit.Entry::outcome).containsOnly(Audit.Outcome.READ);
    assertThat(reads).extracting(Audit.Entry::who).containsOnly("finance/analyst");
    assertThat(reads)
        .extracting(entry -> entry.details().get("count"))
        .containsExactly("1", "2", "1");
    assertThat(reads.get(0).details()).containsEntry("columns", "*");
    assertThat(reads.get(2).details())
        .containsEntry("columns", "amount, id")
        .containsEntry("version", "1.0.0")
        .containsEntry("hour", hour.toString());
    List<Audit.Entry> denials =
        shop.governance().audit().subject(ORDERS).kinds("read.denied").list();
    assertThat(denials).extracting(Audit.Entry::outcome).containsOnly(Audit.Outcome.DENIED);
    assertThat(denials).extracting(Audit.Entry::who).containsOnly("finance/etl");
    assertThat(counted(denials)).isEqualTo(3);
    assertThat(denials.get(0).details()).containsEntry("description", "read " + ORDERS);
    assertThat(denials.get(0).details().get("missing")).contains("grant", ORDERS);
    assertThat(shop.governance().audit().verify()).isEmpty();
    assertWhole();
  }

  @Test
  void aDeniedChangeIsReportedToTheOwnerByItsVerb() {
    MeshClient shop = grantedOrders();
    MeshClient finance = as("finance");

    assertDenied(() -> finance.publish(ORDERS).records(Order.range(0, 1)).commit());
    assertDenied(() -> finance.grant(ORDERS).to(ANALYST).because("I say so").commit());
    assertDenied(() -> finance.access().tag("commerce").set("sensitivity", "public").commit());

    assertThat(actions(shop.governance().audit().subject(ORDERS).principal(finance.principal())))
        .containsExactlyInAnyOrder("publish.denied", "grant.denied");
    assertThat(actions(shop.governance().audit().subject("commerce").kinds("tag.denied")))
        .hasSize(1);
    assertThat(actions(finance.governance().audit().kinds("grant")))
        .containsExactly("grant.denied");
    assertThat(
            mesh.clientAs(Principal.of("shipping", "etl"))
                .governance()
                .audit()
                .kinds("publish", "grant", "read")
                .list())
        .as("the reply to a principal without a domain")
        .isEmpty();
  }

  @Test
  void countsSurviveAReopening() {
    assumeTrue(existingMesh().isPresent(), "the mesh cannot be opened again");
    grantedOrders();
    for (int i = 0; i < 5; i++) {
      all(mesh.clientAs(ANALYST).read(ORDERS));
    }

    mesh.close();
    mesh = prepared(existingMesh().orElseThrow()).open();

    assertThat(counted(shop().governance().audit().subject(ORDERS).kinds("read").list()))
        .isEqualTo(5);
  }

  @Test
  void aReadSucceedsEvenIfItsCountCannotBeWritten() {
    MeshClient shop = grantedOrders();
    registry.always(ScriptedRegistry.Fault.REJECTED);

    assertThat(all(mesh.clientAs(ANALYST).read(ORDERS))).isEmpty();
    assertDenied(() -> all(as("finance").read(ORDERS)));

    registry.always(ScriptedRegistry.Fault.NONE);
    assertThat(counted(shop.governance().audit().subject(ORDERS).kinds("read").list()))
        .isEqualTo(2);
  }

  private static long counted(List<Audit.Entry> entries) {
    return entries.stream().mapToLong(entry -> Long.parseLong(entry.details().get("count"))).sum();
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(AccessDeniedException.class);
  }
}
