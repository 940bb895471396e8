package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.DataQualityRulesetListDetails;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;

/** Rulesets of Glue Data Quality on the emulator: names, tables, limits, and policies. */
class QualityRulesTest {
  private static void create(GlueClient glue, String name, String table, String ruleset) {
    glue.createDataQualityRuleset(
        create ->
            create
                .name(name)
                .ruleset(ruleset)
                .targetTable(target -> target.databaseName("sales").tableName(table)));
  }

  @Test
  void aRulesetIsKeptForATable() {
    AwsLocal.emulator();
    try (AwsEmulator aws = AwsEmulator.start()) {
      String account = GlueAccount.newAccount();
      EmulatedClients admin = EmulatedClients.administrator(aws, account);
      GlueClient glue = admin.glue();
      glue.createDatabase(create -> create.databaseInput(input -> input.name("sales")));
      glue.createTable(
          create -> create.databaseName("sales").tableInput(input -> input.name("orders")));

      create(glue, "orders", "orders", "Rules = [ IsComplete \"id\" ]");

      assertThatThrownBy(() -> create(glue, "orders", "orders", "Rules = [ RowCount > 0 ]"))
          .isInstanceOf(AlreadyExistsException.class);
      assertThatThrownBy(() -> create(glue, "other", "none", "Rules = [ RowCount > 0 ]"))
          .isInstanceOf(EntityNotFoundException.class);
      assertThatThrownBy(() -> create(glue, "other", "orders", "IsComplete \"id\""))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> create(glue, "other", "orders", "Rules = []"))
          .isInstanceOf(InvalidInputException.class);
      glue.updateDataQualityRuleset(
          update -> update.name("orders").description("All").ruleset("Rules = [ RowCount > 0 ]"));
      assertThat(glue.getDataQualityRuleset(get -> get.name("orders")).description())
          .isEqualTo("All");
      assertThat(
              glue.listDataQualityRulesets(
                      list ->
                          list.filter(
                              filter ->
                                  filter.targetTable(
                                      table -> table.databaseName("sales").tableName("orders"))))
                  .rulesets())
          .extracting(DataQualityRulesetListDetails::name)
          .containsExactly("orders");
      isDeniedWithoutPolicy(aws, admin, account);
      glue.deleteDataQualityRuleset(delete -> delete.name("orders"));
      assertThatThrownBy(() -> glue.getDataQualityRuleset(get -> get.name("orders")))
          .isInstanceOf(EntityNotFoundException.class);
    }
  }

  private static void isDeniedWithoutPolicy(
      AwsEmulator aws, EmulatedClients admin, String account) {
    admin.createRole(
        "reader",
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                + account
                + "\"},\"Action\":"
                + "\"sts:AssumeRole\"}"));
    admin.putRolePolicy(
        "reader",
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Action\":[\"glue:GetDataQualityRuleset\"],\"Resource\":\""
                + "arn:aws:glue:"
                + aws.region()
                + ":"
                + account
                + ":dataQualityRuleset/ord*\"}"));
    GlueClient reader = admin.assuming("arn:aws:iam::" + account + ":role/reader").glue();

    assertThat(reader.getDataQualityRuleset(get -> get.name("orders")).name()).isEqualTo("orders");
    assertThatThrownBy(() -> reader.getDataQualityRuleset(get -> get.name("other")))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> reader.deleteDataQualityRuleset(delete -> delete.name("orders")))
        .isInstanceOf(AccessDeniedException.class);
  }
}
