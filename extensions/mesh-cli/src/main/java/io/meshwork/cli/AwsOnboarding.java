package io.meshwork.cli;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsOperations;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.cli.MeshOpener.Cloud.AccountOnboarding;
import io.meshwork.cli.MeshOpener.Cloud.AccountProof;
import io.meshwork.cli.MeshOpener.Cloud.AccountReport;
import io.meshwork.cli.MeshOpener.Cloud.AccountRequest;
import java.nio.file.Path;

/**
 * Sets up an account, as {@code mesh onboard-account} asks for it.
 *
 * @param operations closed with it
 */
record AwsOnboarding(AwsOperations operations, OnboardAccount operation)
    implements AccountOnboarding<Report> {
  static AwsOnboarding of(AwsConfig config, AccountRequest request, Path folder) {
    AccountSetup setup = new AwsAccountFiles(config, request).setup();
    AwsOperations operations = AwsOperations.of(config);
    try {
      OnboardAccount operation = operations.onboard(setup).templatesTo(folder);
      request.owner().ifPresent(owner -> operation.domain(request.domain().orElseThrow(), owner));
      return new AwsOnboarding(operations, operation);
    } catch (RuntimeException e) {
      operations.close();
      throw e;
    }
  }

  @Override
  public AccountReport report(Report report) {
    return new AccountReport(report.done(), report.byHand(), report.remaining());
  }

  @Override
  public AccountProof verify() {
    Verification verification = operation.verify();
    return new AccountProof(verification.proven(), verification.findings());
  }

  @Override
  public void close() {
    operations.close();
  }
}
