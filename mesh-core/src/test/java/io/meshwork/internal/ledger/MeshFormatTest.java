package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeshFormatTest {
  private final TestMesh mesh = new TestMesh();

  @Test
  void aNewRegistryGetsItsFormatOnce() {
    assertThat(MeshFormat.find(mesh.ledger)).isEmpty();

    MeshFormat first = MeshFormat.ensure(mesh.ledger);
    MeshFormat second = MeshFormat.ensure(mesh.ledger);

    assertThat(second).isEqualTo(first).isEqualTo(MeshFormat.find(mesh.ledger).orElseThrow());
    assertThat(mesh.ledger.entries("_mesh")).hasSize(1);
  }

  @Test
  void aRegistryKeepsTheFeaturesThatItWasCreatedWith() {
    MeshFormat created = MeshFormat.ensure(mesh.ledger, Set.of(MeshFormat.SEPARATE_CONSUMERS));

    assertThat(created.readFeatures())
        .containsExactly(MeshFormat.SEPARATE_CONSUMERS, "documents-3");
    assertThat(MeshFormat.ensure(mesh.ledger)).isEqualTo(created);
    assertThat(MeshFormat.has(mesh.ledger, MeshFormat.SEPARATE_CONSUMERS)).isTrue();
  }

  @Test
  void anExistingRegistryGetsNoFeatures() {
    MeshFormat created = MeshFormat.ensure(mesh.ledger);

    assertThat(created.readFeatures()).containsExactly("documents-3");
    assertThat(MeshFormat.ensure(mesh.ledger, Set.of(MeshFormat.SEPARATE_CONSUMERS)))
        .isEqualTo(created);
    assertThat(MeshFormat.has(mesh.ledger, MeshFormat.SEPARATE_CONSUMERS)).isFalse();
  }

  @Test
  void oneRegistryOfSeveralHasBothFeatures() {
    MeshFormat created =
        MeshFormat.ensureOneOfSeveral(
            mesh.ledger, Set.of(MeshFormat.SEPARATE_CONSUMERS), draft -> {});

    assertThat(created.readFeatures())
        .containsExactly(MeshFormat.SEPARATE_CONSUMERS, "documents-3", "several-catalogs");
  }

  @Test
  void aRegistryOfASnapshotBeforeTheFirstReleaseIsRejected() {
    mesh.registry.tamper(
        MeshFormat.KEY, "{\"format\":1,\"readFeatures\":[],\"writeFeatures\":[\"chained-log\"]}");

    assertThatThrownBy(() -> MeshFormat.ensure(mesh.ledger))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("a snapshot of Meshwork before the first release wrote it")
        .hasMessageContaining("publish their rows");
    assertThat(mesh.registry.commits()).isZero();
  }

  @Test
  void aRegistryOfANewerFormatIsRejectedByName() {
    mesh.registry.tamper(MeshFormat.KEY, "{\"format\":2,\"readFeatures\":[],\"writeFeatures\":[]}");
    assertThatThrownBy(() -> MeshFormat.ensure(mesh.ledger))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("up to 1")
        .hasMessageContaining("newer version");
  }

  @Test
  void anUnsupportedFeatureIsRejectedByName() {
    mesh.registry.tamper(
        MeshFormat.KEY,
        "{\"format\":1,\"readFeatures\":[\"sealed-rows\"],"
            + "\"writeFeatures\":[\"chained-log\",\"two-pens\"]}");
    assertThatThrownBy(() -> MeshFormat.ensure(mesh.ledger))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("[sealed-rows, two-pens]")
        .satisfies(e -> assertThat(((BackendException) e).retryable()).isFalse());
    assertThat(mesh.registry.commits()).isZero();
  }
}
