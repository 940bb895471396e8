package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the guide to accounts from templates. */
class AccountSetupGuideTest {
  @TempDir private Path folder;

  @Test
  void aProgramWritesTheTemplatesOfAnAccount() throws IOException {
    AwsConfig config = AwsGuideTest.sales().lakeFormation();

    // tag::setup[]
    AccountSetup commerce =
        AccountSetup.of(config, "222222222222")
            .role("commerce-steward", AwsRoleKind.steward("commerce"))
            .role("commerce-etl", List.of("glue.amazonaws.com"), AwsRoleKind.producer("commerce"));
    for (Template template : commerce.templates()) {
      Files.writeString(folder.resolve(template.fileName()), template.body());
      System.out.println("In " + template.account() + ": " + template.command());
    }
    // end::setup[]

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }
}
