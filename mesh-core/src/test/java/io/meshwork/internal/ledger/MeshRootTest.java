package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshRootTest {
  private final TestMesh mesh = new TestMesh();

  private MeshRoot ensure(String root) {
    return MeshRoot.ensure(mesh.ledger, root);
  }

  @Test
  void aNewRegistryGetsItsRootOnceAndKeepsIt() {
    assertThat(MeshRoot.find(mesh.ledger)).isEmpty();

    MeshRoot first = ensure("s3://bucket/mesh/");
    MeshRoot second = ensure("s3://other/mesh");

    assertThat(first.root()).isEqualTo("s3://bucket/mesh");
    assertThat(UUID.fromString(first.id()).version()).isEqualTo(7);
    assertThat(second).isEqualTo(first).isEqualTo(MeshRoot.find(mesh.ledger).orElseThrow());
    assertThat(mesh.registry.commits()).isEqualTo(1);
    assertThat(mesh.ledger.entries("_mesh")).hasSize(1);
    assertThat(mesh.ledger.verify("_mesh")).isEmpty();
  }

  @Test
  void anotherLocationIsRejectedAndATrailingSlashIsIgnored() {
    MeshRoot root = ensure("s3://bucket/mesh");

    assertThatCode(() -> root.require("s3://bucket/mesh/")).doesNotThrowAnyException();
    assertThatThrownBy(() -> root.require("s3://copy/mesh"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll("s3://bucket/mesh", "s3://copy/mesh", "move it back");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\":\"a\"}", "{\"root\":\"/mesh\"}", "[]"})
  void aDocumentWithoutALocationIsDamage(String json) {
    mesh.registry.tamper(MeshRoot.KEY, json);

    assertThatThrownBy(() -> ensure("/mesh"))
        .isInstanceOfSatisfying(
            BackendException.class,
            damaged -> assertThat(damaged.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT));
  }
}
