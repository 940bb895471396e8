package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What is not compared is a finding only if this program or process never compares it. */
class AccountGrantsTest {
  private static final AwsConfig CONFIG =
      AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales").lakeFormation();

  private static AccountGrants grants() {
    return new AccountGrants(
        CONFIG,
        "222222222222",
        new MeshRegistry(CONFIG, null, role -> null, InstantSource.system()),
        role -> null,
        InstantSource.system());
  }

  @Test
  void aProgramWithoutTheModuleOfTheMirrorsGetsAFinding() {
    MeshException absent =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> new AbsentMirrors().rights(null, null).account("x"));

    assertThat(grants().uncompared(absent).code()).isEqualTo(FindingCode.MIRROR_UNREACHABLE);
    assertThat(grants().uncompared(absent).what()).contains("mesh-aws-mirrors");
  }

  @Test
  void anotherRequestThatIsRefusedFails() {
    InvalidRequestException other =
        catchThrowableOfType(
            InvalidRequestException.class, () -> AwsConfig.checkedAccount("not an account"));

    assertThatThrownBy(() -> grants().uncompared(other)).isSameAs(other);
  }
}
