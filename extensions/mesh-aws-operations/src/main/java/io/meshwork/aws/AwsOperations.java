package io.meshwork.aws;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.meter.Meters;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Operates a mesh on AWS from outside: sets up its accounts.
 *
 * <pre>{@code
 * try (AwsOperations operations = AwsOperations.of(config)) {
 *   AwsOperations.OnboardAccount onboarding = operations.onboard(setup);
 *   onboarding.plan().steps().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>The process is the IAM role of its credentials, which come from the default chain of the AWS
 * SDK, and acts as the role {@code mesh-deployer} of an account if it may assume it. Close it after
 * use. Thread-safe; its operations are for one thread.
 */
@NullMarked
public final class AwsOperations implements AutoCloseable {
  private final AwsConfig config;
  private final AwsRoleCredentials acting;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Map<Principal, AwsRoleCredentials> processes = new ConcurrentHashMap<>();

  private AwsOperations(
      AwsConfig config, AwsRoleCredentials acting, InstantSource clock, Sleeper sleeper) {
    this.config = config;
    this.acting = acting;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Asks STS which role this process is.
   *
   * @return the operations, to be closed
   * @throws io.meshwork.error.InvalidRequestException if the configuration names no mesh
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if the credentials do not
   *     belong to a role
   * @throws io.meshwork.error.BackendException if AWS cannot be reached, or the process has no
   *     credentials
   */
  public static AwsOperations of(AwsConfig config) {
    return of(
        ArgumentChecks.required("config", config),
        DefaultCredentialsProvider.builder().build(),
        AwsTimeouts.STANDARD,
        MeshRuntime.systemClock(),
        Sleeper.real());
  }

  /** As {@link #of(AwsConfig)}, with other credentials, times, clock, and waits. */
  static AwsOperations of(
      AwsConfig config,
      AwsCredentialsProvider credentials,
      AwsTimeouts timeouts,
      InstantSource clock,
      Sleeper sleeper) {
    config.meshName();
    AwsRoleCredentials acting =
        AwsRoleCredentials.of(
            config, credentials, new ControlPlane(clock, Meters.none()), timeouts);
    return new AwsOperations(config, acting, clock, sleeper);
  }

  /**
   * Returns an operation that brings the stacks of an account to its templates, in the account of
   * the mesh also creates the mesh, unless it has several catalogs, adds the catalog whose table
   * the account has, and registers the domain of the account if one is named. What exists remains:
   * a bucket, its policy, a table, roles, and a bus that were created without a stack become parts
   * of it, unchanged.
   *
   * @param setup of the same mesh
   * @throws io.meshwork.error.InvalidRequestException if it is of another mesh, or a policy or a
   *     template is larger than AWS accepts
   */
  @CheckReturnValue
  public OnboardAccount onboard(AccountSetup setup) {
    ArgumentChecks.required("setup", setup);
    if (!setup.config().toString().equals(config.toString())) {
      throw ArgumentChecks.refused(
          "setup",
          "is of the " + setup.config() + ", not of the " + config,
          "Make it with the configuration of these operations.");
    }
    OnboardedAccount account =
        new OnboardedAccount(
            setup.config(),
            setup.account(),
            setup.catalogs(),
            setup.templates(),
            setup.processes(),
            setup::sourceFolders,
            setup::stewards,
            new MeshRegistry(setup.config(), acting, this::process, clock));
    return new AccountOnboarding(account, acting.self(), this::process, clock, sleeper);
  }

  /** Returns what a role can do that this process is or assumes. */
  private AwsRoleCredentials process(Principal role) {
    return role.equals(acting.self()) ? acting : processes.computeIfAbsent(role, acting::process);
  }

  /** Closes all clients. */
  @Override
  public void close() {
    processes.values().forEach(AwsRoleCredentials::close);
    acting.close();
  }

  /**
   * Sets up an account with change sets of AWS CloudFormation, one stack after the other. A run
   * that is repeated has no steps, and one that was interrupted is completed by the next. For one
   * thread; committed once.
   *
   * <p>A stack that this process may not change, because it cannot assume {@code mesh-deployer} of
   * the account or is denied a request, is a step {@code by hand} with the command for its
   * administrator, and with its template in {@link #templatesTo}. The others are changed, unless
   * they need it.
   *
   * <p>With {@link AwsConfig#lakeFormation()}, what the mesh grants to roles of an account that
   * acts for a domain is the last step, {@code share}: this process assumes {@code mesh-operator},
   * and runs the mirrors if they have something to do in the account, and were run before. If it
   * may not, a note has the command. This needs the module mesh-aws-mirrors.
   */
  public interface OnboardAccount extends PlannedOperation<Plan<Report>, Report> {
    /**
     * Registers the domain for which the account acts, with the bucket of the account as the place
     * of its data and the setup's roles of the kind {@link AwsRoleKind#steward} as administrators;
     * or adds the account to a domain that exists. Where this process may not, that is a step
     * {@code by hand}. A plan and a commit throw {@link io.meshwork.error.AlreadyExistsException}
     * if the account acts for another domain. Default: no domain is registered.
     *
     * @param name the domain
     * @param owner the contact of its owner, such as {@code team@example.org}; unused if the domain
     *     exists
     */
    OnboardAccount domain(String name, String owner);

    /**
     * Sets where a plan and a run write the template of each stack that this process may not
     * change, for the command of its step, and the template of each stack before its change, for
     * the command that undoes it. Default: the current folder.
     *
     * @param folder a folder; it is created when a template is written
     */
    OnboardAccount templatesTo(Path folder);

    /** Sets how long a plan or a run may take. Default: 30 minutes. */
    OnboardAccount timeout(Duration limit);

    /**
     * Returns a step for each stack, with its account, the acting role, and how to undo it.
     * Findings list where resources differ from their stack, and what prevents a change. Changes
     * nothing in the account: it leaves change sets, which the commit replaces, and for a new stack
     * its name.
     *
     * @throws io.meshwork.error.BackendException if AWS cannot be reached, a template cannot be
     *     written, or the time is over
     */
    @Override
    Plan<Report> plan();

    /**
     * Executes the change sets.
     *
     * @return what was done, and what was left and why
     * @throws io.meshwork.error.BackendException if AWS cannot be reached, a template cannot be
     *     written, or the time is over: what was done stays done, and the next run continues
     */
    @Override
    Report commit();

    /**
     * Assumes each role of the account that this process may, and uses it for what its kinds are
     * for. It leaves nothing behind, also not in the audit or in the availability of products; an
     * upload that it could not end is a finding with the command that ends it:
     *
     * <ul>
     *   <li>{@code mesh-deployer} reads its stack, in the account of the mesh also the mesh, and
     *       {@code mesh-mirror} what it mirrors, as the operator acts as it.
     *   <li>A role that uses the registry reads the registry of the mesh and of each catalog that
     *       the setup names, and sends a transaction to each of its partitions that the registry
     *       refuses, so that the permissions to write are proven.
     *   <li>A role that writes files begins an upload in its folders, and ends it without a file.
     *       It lists these folders, and looks for the marker of its place.
     *   <li>A consumer opens the first product that it may read, up to the metadata of its table.
     *   <li>With Lake Formation, a consumer and an engine reader ask for the credentials of a table
     *       that does not exist, for which IAM has to permit {@code lakeformation:GetDataAccess}.
     *   <li>A backup scans the registry, and lists files.
     *   <li>A role with sources in S3 lists each of their folders.
     * </ul>
     *
     * <p>With Lake Formation, {@code Mirrors.verify()} then compares what it grants in the account,
     * and reads as each role that has grants and that this process may assume. Not proven are the
     * permissions to delete files, of queries with Athena, of tables and secrets that are sources,
     * of notices, and of metrics.
     *
     * @throws io.meshwork.error.BackendException if AWS cannot be reached, or fails
     */
    Verification verify();
  }

  /**
   * What a run did, and what it could not do. Immutable.
   *
   * @param done the steps that were made
   * @param byHand the steps for an administrator, with their commands
   * @param remaining what else was left, why, and how to fix it
   */
  public record Report(List<Plan.Step> done, List<Plan.Step> byHand, List<Finding> remaining) {
    public Report {
      done = List.copyOf(done);
      byHand = List.copyOf(byHand);
      remaining = List.copyOf(remaining);
    }
  }

  /**
   * Which roles work. Immutable.
   *
   * @param proven the roles that were assumed and used
   * @param findings an error for each role that lacks a right; a note for each one that this
   *     process may not assume
   */
  public record Verification(List<Principal> proven, List<Finding> findings) {
    public Verification {
      proven = List.copyOf(proven);
      findings = List.copyOf(findings);
    }
  }
}
