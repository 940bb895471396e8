package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A program without the modules mesh-aws-mirrors and mesh-aws-operations, as the tests of this
 * module are.
 */
class AbsentMirrorsTest extends EmulatorFixture {
  @Test
  void aMirrorWithoutItsModuleFailsAndNamesTheModule() {
    AwsConfig config = AwsLocal.newMesh(aws).lakeFormation();
    AwsLocal.make(config);

    try (Mesh mesh = AwsLocal.quick(config, AwsLocal.ACCOUNT, "admin").open()) {
      assertThatThrownBy(() -> mesh.mirrors().plan())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID.code());
                assertThat(e.fix()).contains("io.meshwork:mesh-aws-mirrors");
              });
    }
  }

  @Test
  void rightsInLakeFormationWithoutTheModuleFailWithItsName() {
    AwsConfig config = AwsLocal.newMesh(aws).lakeFormation();

    assertThatThrownBy(
            () ->
                AbsentMirrors.orPresent()
                    .rights(config.mirrors(), catalog -> AwsLocal.ACCOUNT)
                    .account("mesh"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("mesh-aws-mirrors");
  }

  @Test
  void aNotifierOfEventBridgeWithoutItsModuleFailsAndNamesTheModule() {
    AwsConfig config = AwsLocal.newMesh(aws);

    assertThatThrownBy(() -> AwsMesh.notifier(config))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID.code());
              assertThat(e.fix()).contains("io.meshwork:mesh-aws-operations");
            });
  }

  @Test
  void metricsInCloudWatchWithoutTheModuleFailAndNameTheModule() {
    AwsConfig config = AwsLocal.newMesh(aws).cloudWatch();
    AwsLocal.make(config);

    try (Mesh mesh = AwsLocal.quick(config, AwsLocal.ACCOUNT, "admin").open()) {
      assertThatThrownBy(() -> mesh.operate(Duration.ofMinutes(1)))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID.code());
                assertThat(e.fix()).contains("io.meshwork:mesh-aws-operations");
              });
    }
  }
}
