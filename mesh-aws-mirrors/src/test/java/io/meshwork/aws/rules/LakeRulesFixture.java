package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.lakeformation.model.AccessDeniedException;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** An account with a table that Lake Formation governs, on the emulator. */
abstract class LakeRulesFixture {
  static final String ACCOUNT = "620000000001";
  static AwsEmulator aws;
  static LakeAccount lake;
  final String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  final String sales = "sales_" + id;
  final String analyst = "analyst-" + id;
  String role;
  Resource orders;

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start();
    lake = LakeAccount.governed(aws, ACCOUNT);
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      lake.close();
      aws.close();
    }
  }

  @BeforeEach
  void createTables() {
    aws.reset();
    lake.put(lake.settings().build());
    lake.createDatabase(sales);
    lake.createTable(sales, "orders", "id", "email", "total");
    role = lake.role(analyst);
    orders = lake.tableResource(sales, "orders");
  }

  void revoke(String principal, Resource resource, Permission permission) {
    lake.lake()
        .revokePermissions(
            r ->
                r.principal(LakeAccount.principal(principal))
                    .resource(resource)
                    .permissions(permission));
  }

  List<PrincipalResourcePermissions> permissions(String principal, Resource resource) {
    return lake.lake()
        .listPermissions(r -> r.principal(LakeAccount.principal(principal)).resource(resource))
        .principalResourcePermissions();
  }

  static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(AccessDeniedException.class);
  }

  static void assertInvalid(ThrowingCallable call, String reason) {
    assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContaining(reason);
  }
}
