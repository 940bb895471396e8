package io.meshwork.cli;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.cli.MeshOpener.AccountFiles;
import io.meshwork.cli.MeshOpener.OrganizationRequest;
import io.meshwork.cli.internal.shell.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints the setup of an organization, as {@code mesh template organization} asks for it. */
record AwsOrganizationFiles(AwsConfig config, OrganizationRequest request) {
  /**
   * Returns the file, and what to do with it.
   *
   * @throws UsageException if AWS accepts a value of an option nowhere
   */
  AccountFiles of() {
    Template template = setup().template();
    List<String> steps = new ArrayList<>();
    steps.add(
        "Once, in "
            + template.account()
            + ": aws organizations enable-policy-type --root-id r-… --policy-type"
            + " SERVICE_CONTROL_POLICY");
    if (request.trailBucket().isPresent()) {
      steps.add(
          "Once, in "
              + template.account()
              + ": aws organizations enable-aws-service-access --service-principal"
              + " cloudtrail.amazonaws.com");
    }
    steps.add("In " + template.account() + ": " + template.command());
    steps.add(
        "Move each account: aws organizations move-account --account-id …"
            + " --source-parent-id … --destination-parent-id …");
    return new AccountFiles(Map.of(template.fileName(), template.body()), steps);
  }

  private OrganizationSetup setup() {
    OrganizationSetup setup =
        AwsAccountFiles.accepted(
            "--account and --parent",
            () -> OrganizationSetup.of(config, request.management(), request.parent()));
    OrganizationSetup place = setup;
    setup =
        AwsAccountFiles.accepted(
            "--administrator",
            () -> place.administrators(request.administrators().toArray(String[]::new)));
    if (request.identityCenter().isPresent()) {
      OrganizationSetup before = setup;
      setup =
          AwsAccountFiles.accepted(
              "--identity-center", () -> before.identityCenter(request.identityCenter().get()));
    } else if (!request.readers().isEmpty() || !request.openReaders().isEmpty()) {
      throw new UsageException(
          "Groups belong to an instance of IAM Identity Center. Add --identity-center ARN, which"
              + " 'aws sso-admin list-instances' prints.");
    }
    for (Map.Entry<String, List<String>> group : new TreeMap<>(request.readers()).entrySet()) {
      OrganizationSetup before = setup;
      setup =
          AwsAccountFiles.accepted(
              "--readers " + group.getKey(),
              () -> before.readers(group.getKey(), group.getValue().toArray(String[]::new)));
    }
    for (Map.Entry<String, List<String>> group : new TreeMap<>(request.openReaders()).entrySet()) {
      OrganizationSetup before = setup;
      setup =
          AwsAccountFiles.accepted(
              "--open-readers " + group.getKey(),
              () -> before.openReaders(group.getKey(), group.getValue().toArray(String[]::new)));
    }
    if (request.trailBucket().isPresent()) {
      OrganizationSetup before = setup;
      setup = AwsAccountFiles.accepted("--trail", () -> before.trail(request.trailBucket().get()));
    }
    return setup;
  }
}
