package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and limits of a configuration. */
class AwsConfigTest {
  private static final AwsConfig CONFIG = AwsConfig.inRegion("ap-southeast-2");

  @Test
  void theNamesOfBucketAndTableFollowFromMeshAccountAndRegion() {
    AwsConfig config = CONFIG.mesh("111111111111", "sales");

    assertThat(config.bucket()).isEqualTo("mesh-sales-111111111111-ap-southeast-2");
    assertThat(config.table()).isEqualTo("mesh-sales");
    assertThat(config.root()).isEqualTo("s3://mesh-sales-111111111111-ap-southeast-2");
    assertThat(config.toString()).contains("sales", "111111111111", "ap-southeast-2");
  }

  @Test
  void theLongestNamesAreThoseOfABucket() {
    AwsConfig config = CONFIG.mesh("111111111111", "a".repeat(20));

    assertThat(config.bucket().length()).isLessThanOrEqualTo(63);
  }

  @ParameterizedTest
  @CsvSource({
    "eu-central-1, aws",
    "cn-north-1, aws-cn",
    "us-gov-west-1, aws-us-gov",
    "us-isob-east-1, aws-iso-b",
    "eusc-de-east-1, aws-eusc"
  })
  void theArnOfARoleStartsWithThePartitionOfTheRegion(String region, String partition) {
    assertThat(AwsConfig.inRegion(region).roleArn(Principal.of("111111111111", "etl")))
        .isEqualTo("arn:" + partition + ":iam::111111111111:role/etl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws:eu-central-1/111111111111/sales",
        "aws:eu-central-1/111111111111/sales?lakeFormation",
        "aws:eu-central-1/111111111111/sales?endpoint=http://127.0.0.1:5000&lakeFormation="
            + "arn:aws:organizations::111111111111:organization/o-abcdefghij&hybridAccess"
            + "&schemaRegistry&dataQuality&cloudWatch&openData="
            + "arn:aws:organizations::111111111111:organization/o-abcdefghij,finance,orders"
            + "&encryptedBy=arn:aws:kms:eu-central-1:111111111111:key/k-1&externalId=contract-7"
            + "&roles=arn:aws:iam::444444444444:role/aws-reserved/sso.amazonaws.com/eu-central-1/"
            + "AWSReservedSSO_mesh-reader-restricted_0123456789abcdef,"
            + "arn:aws:iam::555555555555:role/people/sales,north",
        "aws:eu-central-1/111111111111/sales?cloudWatch=products"
      })
  void theAddressOfAConfigurationMakesItAgain(String address) {
    assertThat(AwsConfig.of(address).address()).isEqualTo(address);
  }

  @Test
  void anAddressNamesRolesWithAPath() {
    AwsConfig config =
        AwsConfig.of(
            "aws:eu-central-1/111111111111/sales?roles="
                + "arn:aws:iam::444444444444:role/people/analyst,"
                + "arn:aws:iam::555555555555:role/people/sales,north");

    assertThat(config.roleArn(Principal.of("444444444444", "analyst")))
        .isEqualTo("arn:aws:iam::444444444444:role/people/analyst");
    assertThat(config.roleArn(Principal.of("555555555555", "sales,north")))
        .isEqualTo("arn:aws:iam::555555555555:role/people/sales,north");
    assertThatThrownBy(
            () -> AwsConfig.of("aws:eu-central-1/111111111111/sales?roles=444444444444/analyst"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'444444444444/analyst', which is not the ARN of a role");
  }

  @Test
  void eachMethodReturnsACopy() {
    AwsConfig config = CONFIG.mesh("111111111111", "sales");

    AwsConfig changed =
        config.endpoint(URI.create("http://127.0.0.1:5000")).externalId("contract-7");

    assertThat(config.endpoint()).isNull();
    assertThat(config.externalId()).isEmpty();
    assertThat(changed.endpoint()).isEqualTo(URI.create("http://127.0.0.1:5000"));
    assertThat(changed.externalId()).contains("contract-7");
    assertThat(changed.bucket()).isEqualTo(config.bucket());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Frankfurt", "eu-central", "EU-CENTRAL-1"})
  void aRegionHasTheFormOfARegion(String region) {
    assertThatThrownBy(() -> AwsConfig.inRegion(region))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("region");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sales", "1111", "11111111111x"})
  void anAccountHasTwelveDigits(String account) {
    assertThatThrownBy(() -> CONFIG.mesh(account, "sales"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s", "Sales", "7sales", "sales-", "sales_eu", "abcdefghijklmnopqrstu"})
  void aNameFitsABucket(String name) {
    assertThatThrownBy(() -> CONFIG.mesh("111111111111", name))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("20");
  }

  @Test
  void theArnOfAnotherRoleIsRejected() {
    Principal etl = Principal.of("111111111111", "etl");

    assertThatThrownBy(() -> CONFIG.role(etl, "arn:aws:iam::111111111111:role/admin"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("111111111111/etl");
    assertThatThrownBy(() -> CONFIG.role(etl, "arn:aws:iam::222222222222:role/etl"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aKeyHasAnArn() {
    assertThatThrownBy(() -> CONFIG.encryptionKey("alias/orders"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("arn:aws:kms");
  }

  @Test
  void anOrganizationHasAnArn() {
    assertThatThrownBy(() -> CONFIG.lakeFormation("o-abcdefghij"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("arn:aws:organizations");
  }

  @ParameterizedTest
  @ValueSource(strings = {"it's", "a\"b", "two words", "$(id)"})
  void aSessionTagValueHasNoQuotes(String value) {
    assertThatThrownBy(() -> CONFIG.trustedEngine(value))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("sessionTagValue");
    assertThatThrownBy(() -> CONFIG.externalDataFiltering(value, "111111111111"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("sessionTagValue");
  }

  @Test
  void trustedEnginesHaveAccounts() {
    assertThatThrownBy(() -> CONFIG.externalDataFiltering("meshwork"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("accounts");
    assertThatThrownBy(() -> CONFIG.externalDataFiltering("meshwork", "finance"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
    assertThatThrownBy(
            () ->
                AwsPolicies.of(CONFIG.mesh("111111111111", "sales").trustedEngine("meshwork"))
                    .engineTrust(Principal.of("111111111111", "etl")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("lakeFormation()");
  }

  @Test
  void anAddressHasRegionAccountNameAndSettings() {
    String key = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";
    AwsConfig config =
        AwsConfig.of(
            "aws:eu-central-1/111111111111/sales?endpoint=http://127.0.0.1:5000&encryptedBy="
                + key);

    assertThat(config.root()).isEqualTo("s3://mesh-sales-111111111111-eu-central-1");
    assertThat(config.endpoint()).hasToString("http://127.0.0.1:5000");
    assertThat(config.kmsKey()).isEqualTo(key);
    for (String address : List.of("aws:eu-central-1/sales", "s3://sales", "aws:e/1/a?b=c")) {
      assertThatThrownBy(() -> AwsConfig.of(address)).isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> AwsConfig.of("aws:eu-central-1/111111111111/sales?lakeFormations"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'lakeFormations'", "schemaRegistry");
    for (String twice : List.of("externalId=a&externalId=b", "dataQuality&dataQuality")) {
      assertThatThrownBy(() -> AwsConfig.of("aws:eu-central-1/111111111111/sales?" + twice))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("twice", twice.substring(0, 10));
    }
  }
}
