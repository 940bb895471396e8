package io.meshwork.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.ledger.ScriptedRegistry;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutedRegistryTest {
  private static final Topology LINES =
      Topology.byLineOfBusiness(Map.of("retail", Set.of("commerce"), "banking", Set.of("finance")));
  private static final Key FINANCE = new Key("_mesh/@banking", "domain/finance");

  private final TestMesh mesh = new TestMesh();
  private final Map<String, ScriptedRegistry> members = new TreeMap<>();
  private final RoutedRegistry routed =
      new RoutedRegistry(
          mesh.registry,
          LINES,
          mesh.runtime,
          catalog -> members.computeIfAbsent(catalog, unused -> new ScriptedRegistry()));

  @BeforeEach
  void openTheMesh() {
    TopologyDocument.ensure(mesh.ledger, Optional.of(LINES));
    MeshRoot.ensure(mesh.ledger, "mesh:");
  }

  private Transaction.Builder attempt() {
    return Transaction.attempt(mesh.runtime.ids().next());
  }

  private void write(Key key) {
    assertThat(routed.commit(attempt().insert(key, "{\"format\":1}").build()))
        .isEqualTo(Outcome.COMMITTED);
  }

  private String version(Key key) {
    return routed.read(key).orElseThrow().version();
  }

  @Test
  void aPartitionIsRoutedByItsName() {
    for (String partition :
        Set.of(
            "commerce", "commerce/sales", "finance/@retail", "_mesh/@retail", "commerce/@reads")) {
      Key key = new Key(partition, "some");
      write(key);

      assertThat(routed.read(key).orElseThrow().key()).isEqualTo(key);
      assertThat(routed.list(partition, "some", null).documents())
          .extracting(Registry.Document::key)
          .containsExactly(key);
      String routedPartition = partition.equals("_mesh/@retail") ? "_mesh" : partition;
      assertThat(members.get("retail").read(new Key(routedPartition, "some"))).isPresent();
      assertThat(mesh.registry.read(new Key(routedPartition, "some"))).isEmpty();
    }
    assertThat(members).containsOnlyKeys("retail");
  }

  @Test
  void thePartitionsOfAllCatalogsAreListedByTheNamesThatLeadToThem() {
    write(FINANCE);
    write(new Key("commerce/sales", "some"));
    write(new Key("_mesh/@retail/mirrors", "some"));

    assertThat(routed.partitions())
        .containsExactly(
            "_mesh", "_mesh/@banking", "_mesh/@retail", "_mesh/@retail/mirrors", "commerce/sales")
        .allSatisfy(each -> assertThat(routed.list(each, "", null).documents()).isNotEmpty());
  }

  @Test
  void aReadCreatesNoCatalogAndAnUnknownDomainHasNone() {
    assertThat(routed.read(new Key("finance", "head"))).isEmpty();
    assertThat(routed.list("finance", "", null).documents()).isEmpty();
    assertThat(routed.read(new Key("marketing", "head"))).isEmpty();
    assertThat(members).isEmpty();
    assertThatThrownBy(() -> write(new Key("marketing", "head")))
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("'marketing'", "banking [finance]");
  }

  @Test
  void onlyGovernanceDocumentsOfOtherCatalogsCanBeChecked() {
    write(FINANCE);
    String known = version(FINANCE);
    Key guest = new Key("finance/@retail", "subscription/a");

    assertThat(
            routed.commit(
                attempt().insert(guest, "{\"format\":1}").check(FINANCE, "other").build()))
        .isEqualTo(Outcome.conflict(List.of(FINANCE)));
    assertThat(routed.read(guest)).isEmpty();
    assertThat(
            routed.commit(attempt().insert(guest, "{\"format\":1}").check(FINANCE, known).build()))
        .isEqualTo(Outcome.COMMITTED);

    Key product = new Key("finance/ledger", "major/1");
    assertThatThrownBy(
            () ->
                routed.commit(
                    attempt()
                        .insert(new Key("finance/@retail", "b"), "{\"format\":1}")
                        .checkAbsent(product)
                        .build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("finance/@retail", product.toString());
    assertThatThrownBy(
            () ->
                routed.commit(
                    attempt()
                        .insert(new Key("finance/@retail", "b"), "{\"format\":1}")
                        .insert(new Key("finance", "b"), "{\"format\":1}")
                        .build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("another catalog");
    assertThat(routed.read(new Key("finance/@retail", "b"))).isEmpty();
  }

  @Test
  void conflictsHaveTheKeysOfTheTransaction() {
    write(FINANCE);

    Outcome again = routed.commit(attempt().insert(FINANCE, "{\"format\":1}").build());

    assertThat(again.status()).isEqualTo(Status.CONFLICT);
    assertThat(again.conflicts()).containsExactly(FINANCE);
  }

  @Test
  void anEmptiedRegistryIsNotMistakenForANewOne() {
    write(FINANCE);
    members.clear();
    RoutedRegistry later =
        new RoutedRegistry(mesh.registry, LINES, mesh.runtime, catalog -> new ScriptedRegistry());

    assertThatThrownBy(() -> later.read(FINANCE))
        .isInstanceOfSatisfying(
            BackendException.class,
            lost -> assertThat(lost.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT))
        .hasMessageContainingAll("'banking'", "Restore");
  }

  @Test
  void theRegistryOfACatalogCannotBeOpenedAlone() {
    write(FINANCE);
    TestMesh alone = new TestMesh();

    assertThatThrownBy(
            () ->
                TopologyDocument.ensure(
                    new Ledger(members.get("banking"), alone.runtime), Optional.empty()))
        .hasMessageContaining("its catalog 'banking'");
  }
}
