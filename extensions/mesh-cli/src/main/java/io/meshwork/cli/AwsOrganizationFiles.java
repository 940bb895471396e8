package io.meshwork.cli;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.cli.MeshOpener.Cloud.AccountFiles;
import io.meshwork.cli.MeshOpener.Cloud.OrganizationRequest;
import io.meshwork.cli.internal.shell.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Prints the setup of an organization, as {@code mesh template organization} asks for it. */
record AwsOrganizationFiles(AwsConfig config, OrganizationRequest request) {
  private static final String TRAIL_POLICY = "trail-bucket.json";

  /**
   * Returns the files, and what to do with it.
   *
   * @throws UsageException if an option has a value that AWS does not accept
   */
  AccountFiles of() {
    OrganizationSetup setup = setup();
    Template template = setup.template();
    Map<String, String> files = new LinkedHashMap<>();
    files.put(template.fileName(), template.body());
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
      String bucket = request.trailBucket().get();
      setup.trailPolicy().ifPresent(policy -> files.put(TRAIL_POLICY, policy));
      steps.add(
          files.containsKey(TRAIL_POLICY)
              ? "Add the statements of " + TRAIL_POLICY + " to the policy of the bucket " + bucket
              : "The policy of the bucket "
                  + bucket
                  + " lets CloudTrail write: to print it, name the organization in --mesh, with"
                  + " lakeFormation= or openData=");
    }
    steps.add("In " + template.account() + ": " + template.command());
    steps.add(
        "Move each account: aws organizations move-account --account-id …"
            + " --source-parent-id … --destination-parent-id …");
    return new AccountFiles(files, steps);
  }

  private OrganizationSetup setup() {
    OrganizationSetup setup =
        AwsAccountFiles.accepted(
            "--account and --parent",
            () -> OrganizationSetup.of(config, request.management(), request.parent()));
    setup =
        AwsAccountFiles.with(
            setup,
            "--administrator",
            each -> each.administrators(request.administrators().toArray(String[]::new)));
    Optional<String> identityCenter = request.identityCenter();
    if (identityCenter.isPresent()) {
      setup =
          AwsAccountFiles.with(
              setup, "--identity-center", each -> each.identityCenter(identityCenter.get()));
    } else if (!request.readers().isEmpty() || !request.openReaders().isEmpty()) {
      throw new UsageException(
          "Groups belong to an instance of IAM Identity Center. Add --identity-center ARN, which"
              + " 'aws sso-admin list-instances' prints.");
    }
    for (Map.Entry<String, List<String>> group : new TreeMap<>(request.readers()).entrySet()) {
      String[] accounts = group.getValue().toArray(String[]::new);
      String option = "--readers " + group.getKey();
      setup = AwsAccountFiles.with(setup, option, each -> each.readers(group.getKey(), accounts));
    }
    for (Map.Entry<String, List<String>> group : new TreeMap<>(request.openReaders()).entrySet()) {
      String[] accounts = group.getValue().toArray(String[]::new);
      String option = "--open-readers " + group.getKey();
      setup =
          AwsAccountFiles.with(setup, option, each -> each.openReaders(group.getKey(), accounts));
    }
    Optional<String> trailBucket = request.trailBucket();
    if (trailBucket.isPresent()) {
      setup = AwsAccountFiles.with(setup, "--trail", each -> each.trail(trailBucket.get()));
    }
    return setup;
  }
}
