package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.UsedStatements;
import io.meshwork.testkit.aws.internal.catalog.SchemaState;
import io.meshwork.testkit.aws.internal.server.AwsServers;
import io.meshwork.testkit.aws.internal.server.CloudFormationLint;
import io.meshwork.testkit.aws.internal.stack.StackDeployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * AWS on this machine, without an account: S3, STS, IAM, and the other services of <a
 * href="https://github.com/getmoto/moto">moto</a>, and AWS's DynamoDB Local, behind one endpoint.
 *
 * <pre>{@code
 * try (AwsEmulator aws = AwsEmulator.start()) {
 *   // clients with aws.endpoint(), aws.region(), and the keys of an account
 *   aws.on("s3", "PutObject").nth(3).loseReply();
 * }
 * }</pre>
 *
 * <p>The services run on the first of these that applies: the server that {@code
 * -Dmesh.aws.endpoint} names; with {@code -Dmesh.docker=true}, where Docker runs, a container of
 * moto, or of the image that {@code -Dmesh.docker.image} names; moto in the Python that {@code
 * -Dmesh.python} names, or in {@code python3}; moto in the virtual environment {@code target/moto}.
 * If a container is asked for and Docker does not run, standard error says so, and names the server
 * that is used instead. DynamoDB Local runs from the folder that {@code -Dmesh.ddb.dir} names, the
 * class path, or the folder {@code target/dynamodb-local}. If one is missing, the test is skipped
 * with the reason, which is also printed to standard error, or fails where the environment variable
 * {@code CI} is set.
 *
 * <p>Every account of 12 digits exists. Roles that a test creates have the rights of their trust
 * and inline policies, and buckets the rights of their policies; a role that was never created can
 * be assumed, and may do everything in its account.
 *
 * <p>The servers start once for this JVM, which takes about four seconds, and end with it. All
 * emulators of a JVM share what the servers store; use buckets and tables with names that no other
 * test has. Signatures are not verified. The guide on testing lists where the emulator differs from
 * AWS.
 *
 * <p>Thread-safe.
 */
public final class AwsEmulator implements AutoCloseable {
  private static final AwsState STATE = AwsState.empty();
  private static final String REGION = "eu-central-1";

  private final AwsFaults faults;
  private final AwsRules rules;
  private final AwsFront front;
  private final AwsSession session = new AwsSession();

  private AwsEmulator(AwsFaults faults, AwsRules rules) throws IOException {
    this.faults = faults;
    this.rules = rules;
    front = AwsFront.start(faults, rules);
    rules.front(front.endpoint());
  }

  /**
   * Starts the servers if they do not run yet, and an endpoint.
   *
   * @return the emulator, to be closed
   * @throws org.opentest4j.TestAbortedException if a server is missing; the message names what to
   *     install
   * @throws IllegalStateException instead, if the environment variable {@code CI} is set
   */
  public static AwsEmulator start() {
    AwsFaults faults = new AwsFaults();
    AwsRules rules =
        new AwsRules(new AwsServerClient(AwsServers.services(), AwsServers.dynamoDb()), STATE);
    try {
      return new AwsEmulator(faults, rules);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not open a port for the AWS emulator", e);
    }
  }

  /**
   * Returns the endpoint of DynamoDB Local alone, without faults, recorded calls, and policies. It
   * keeps the tables of each access key separate. Starts the server if it does not run yet.
   *
   * @throws org.opentest4j.TestAbortedException if DynamoDB Local is missing; with the environment
   *     variable {@code CI}, an IllegalStateException
   */
  public static URI dynamoDbLocal() {
    return AwsServers.dynamoDb();
  }

  /** Returns the endpoint of all services. Buckets are part of the path: use path-style access. */
  public URI endpoint() {
    return front.endpoint();
  }

  /** Returns the region to use: eu-central-1. */
  public String region() {
    return REGION;
  }

  /**
   * Returns the ID of a long-lived access key of an account, which may do everything there.
   *
   * @param account 12 digits
   * @throws IllegalArgumentException if the account does not have 12 digits
   */
  public String accessKey(String account) {
    return AwsAccounts.accessKey(account);
  }

  /**
   * Returns the secret of the account's {@link #accessKey}.
   *
   * @param account 12 digits
   * @throws IllegalArgumentException if the account does not have 12 digits
   */
  public String secretKey(String account) {
    return AwsAccounts.secretKey(account);
  }

  /**
   * Makes this process a session of a role: sets the system properties from which the AWS SDK for
   * Java reads credentials first. They apply to the whole JVM, until {@link #close} restores them.
   *
   * @param account the account of the role, 12 digits
   * @param role the name of a role without a path. If no test created it, it may do everything in
   *     its account; else its trust policy has to allow the administrator of the account.
   * @throws IllegalArgumentException if the account does not have 12 digits
   * @throws IllegalStateException if STS denies the session
   */
  public void runAs(String account, String role) {
    try {
      session.start(endpoint(), REGION, AwsAccounts.accessKey(account), account, role);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not assume the role " + account + "/" + role, e);
    }
  }

  /**
   * Lets the role of this process, which {@link #runAs} set, assume another role: this process is
   * then a session of that one. Policies of both decide, as in STS.
   *
   * @param account the account of the role, 12 digits
   * @param role the name of a role without a path
   * @throws IllegalStateException if this process is not a session, or STS denies it
   */
  public void assume(String account, String role) {
    try {
      session.start(endpoint(), REGION, session.accessKey(), AwsAccounts.checked(account), role);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not assume the role " + account + "/" + role, e);
    }
  }

  /**
   * Makes a role absent: as on AWS, it cannot be assumed until it is created. By default, anyone
   * can assume a role that was never created.
   *
   * @param account the account of the role, 12 digits
   * @param role the name of a role without a path
   * @throws IllegalArgumentException if the account does not have 12 digits
   */
  public void withoutRole(String account, String role) {
    STATE.roles().forget(AwsAccounts.checked(account), role);
  }

  /**
   * Creates a stack of CloudFormation as the role of this process, or changes it to what a template
   * says. Each resource is created with this role's rights, as by a stack without a service role.
   *
   * @param stack the name of the stack
   * @param template JSON with the types and properties that {@code AccountSetup} and {@code
   *     OrganizationSetup} print; others are rejected as not emulated
   * @throws IllegalStateException if this process is not a session, a request is denied, or the
   *     stack was rolled back; the message has the reason
   */
  public void deploy(String stack, String template) {
    try {
      new StackDeployment(endpoint(), REGION, session.accessKey()).deploy(stack, template);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not deploy the stack " + stack, e);
    }
  }

  /**
   * Returns what cfn-lint finds in templates of CloudFormation; nothing if they are valid. It runs
   * in the Python of moto, which comes with it.
   *
   * @param templates files
   * @throws org.opentest4j.TestAbortedException if cfn-lint is missing
   * @throws IllegalStateException instead, if the environment variable {@code CI} is set
   */
  public static String lint(List<Path> templates) {
    return CloudFormationLint.run(templates);
  }

  /**
   * Makes accounts the members of one organization, which shares resources among them without
   * invitations. An account that is a member of another organization leaves that one. In policies,
   * the end of the ARN is the condition key {@code aws:PrincipalOrgID} of all roles of the members.
   *
   * @param management the management account, also a member, 12 digits
   * @param members the other accounts, 12 digits each
   * @return the ARN of the organization, to which Lake Formation can grant
   * @throws IllegalArgumentException if an account does not have 12 digits
   */
  public String organization(String management, String... members) {
    return STATE.lakes().organizations().join(management, List.of(members));
  }

  /**
   * Moves an account to an organizational unit of its organization, which a stack created. The
   * service control policies of the unit then apply to it.
   *
   * @param account 12 digits
   * @param unit the name of the unit, such as {@code Domains}
   * @throws IllegalArgumentException if the account does not have 12 digits, or its organization
   *     has no unit of this name
   */
  public void moveAccount(String account, String unit) {
    STATE.lakes().organizations().move(account, unit);
  }

  /**
   * Lets the pending invitations to resource shares of an account expire, as after a week.
   *
   * @param account the invited account, 12 digits
   * @throws IllegalArgumentException if the account does not have 12 digits
   */
  public void expireInvitations(String account) {
    AwsAccounts.checked(account);
    synchronized (STATE.lakes()) {
      STATE.lakes().shares().expire(account);
    }
  }

  /**
   * Sets the clock of CloudWatch, for all emulators of this JVM until this one is closed.
   * CloudWatch evaluates alarms and rejects old data points by this clock. Default: the system's.
   */
  public void cloudWatchClock(InstantSource clock) {
    STATE.metrics().clock(clock);
  }

  /**
   * Returns the state of each alarm of CloudWatch in an account now, such as {@code ALARM}, by its
   * name. The states follow AWS's documentation for data that arrives without delay. Alarms that
   * changed since the last call notify their topics of SNS, such as with {@code ALARM: NAME}.
   *
   * @param account 12 digits
   * @throws IllegalArgumentException if the account does not have 12 digits
   */
  public Map<String, String> alarms(String account) {
    return STATE.metrics().alarms(AwsAccounts.checked(account), region(), STATE.events()::send);
  }

  /**
   * Returns the messages that SNS topics sent to an email address, oldest first of each topic.
   * Subscriptions count as confirmed. Emulators of one JVM share topics, as all resources.
   */
  public List<String> mails(String address) {
    return STATE.events().mails(address);
  }

  /**
   * Starts a fault of an operation. If several match one call, the first one that was set applies.
   *
   * @param service the service as signatures name it, such as {@code s3}, {@code dynamodb}, {@code
   *     sts}
   * @param operation the operation of its API, such as {@code PutObject}; {@code *} for each
   */
  public FaultRule on(String service, String operation) {
    return new FaultRule(faults, service + ":" + operation, 0);
  }

  /**
   * Returns the requests since the start or the last {@link #reset}, oldest first, such as {@code
   * s3:PutObject}. Repetitions by an SDK are requests, too.
   */
  public List<String> calls() {
    return faults.calls();
  }

  /**
   * Returns the requests of a role since the start or the last {@link #reset}, as {@link #calls()}
   * does: also denied ones.
   *
   * @param account the account of the role, 12 digits
   * @param role the name of a role without a path
   */
  public List<String> calls(String account, String role) {
    return faults.callsOf("arn:aws:iam::" + account + ":role/" + role);
  }

  /** Removes all faults and recorded calls. */
  public void reset() {
    faults.reset();
    rules.permissions().forget();
  }

  /**
   * Returns the statements in policies of roles and buckets without which each request since the
   * start or the last {@link #reset} would have been decided in the same way, such as {@code
   * 222222222222/commerce-etl files WriteData}. A statement that another one repeats is one of
   * them. A request with the header {@code X-Forwarded-Proto: http} is one without TLS.
   *
   * @param accounts whose roles and buckets, 12 digits each
   * @throws IllegalArgumentException if an account does not have 12 digits
   */
  public List<String> unusedStatements(String... accounts) {
    List<String> unused = new ArrayList<>();
    UsedStatements used = rules.permissions().used();
    for (String account : accounts) {
      unused.addAll(STATE.roles().unused(AwsAccounts.checked(account), used));
      unused.addAll(STATE.buckets().unused(account, used));
    }
    return unused.stream().sorted().toList();
  }

  /** Returns what the policies of roles allowed since the start or the last {@link #reset}. */
  Set<AwsPermissions.PermittedAction> permitted() {
    return rules.permissions().permitted();
  }

  /** Returns the Schema Registry, whose checks of new versions tests delay or let fail. */
  SchemaState schemas() {
    return STATE.schemas();
  }

  /**
   * Closes the endpoint, and restores the credentials of this process. Requests that hang lose
   * their connection.
   *
   * @throws AssertionError if the emulator rejected requests, such as policies with elements that
   *     it does not know, because it does not know their effect on AWS; the message lists them
   */
  @Override
  public void close() {
    session.end();
    STATE.metrics().clock(Clock.systemUTC());
    front.close();
    List<String> notEmulated = rules.notEmulated();
    if (!notEmulated.isEmpty()) {
      throw new AssertionError(
          "The AWS emulator rejected requests whose effect on AWS it does not know:\n  "
              + String.join("\n  ", notEmulated));
    }
  }

  /** A fault to be set, of each matching call or of one. Immutable. */
  public static final class FaultRule {
    private static final Set<String> BATCHES =
        new TreeSet<>(
            Set.of("lakeformation:BatchGrantPermissions", "lakeformation:BatchRevokePermissions"));

    private final AwsFaults faults;
    private final String call;
    private final int number;

    private FaultRule(AwsFaults faults, String call, int number) {
      this.faults = faults;
      this.call = call;
      this.number = number;
    }

    /**
     * Limits the fault to one matching call.
     *
     * @param number the number of the call, from 1, counted from the moment when the fault is set
     * @throws IllegalArgumentException if the number is less than 1
     */
    public FaultRule nth(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("Calls are numbered from 1; the argument is " + number);
      }
      return new FaultRule(faults, call, number);
    }

    /** The service rejects the call because of the request rate. It has no effect. */
    public void throttle() {
      set(AwsFaults.Kind.THROTTLE);
    }

    /** The service returns status 500. The call has no effect. */
    public void fail500() {
      set(AwsFaults.Kind.FAIL_500);
    }

    /**
     * AWS Glue or Lake Formation rejects the call, because another program changes the same object.
     * It has no effect.
     *
     * @throws IllegalStateException if the rule is for another service
     */
    public void conflict() {
      if (!call.startsWith("glue:") && !call.startsWith("lakeformation:")) {
        throw new IllegalStateException(
            call + " has no conflicts; use a call of glue or lakeformation");
      }
      set(AwsFaults.Kind.CONFLICT);
    }

    /** The call takes effect, and the connection closes without a reply. */
    public void loseReply() {
      set(AwsFaults.Kind.LOSE_REPLY);
    }

    /**
     * The call takes effect, and its process is killed: this call, and each later one to any
     * service, loses its connection until {@link #reset}. Then services and registry are as a
     * killed process leaves them; continue with clients that the test opens after it. {@link
     * #calls()} lists the call, and after it only CloudFormation's calls, which go on.
     */
    public void killCaller() {
      set(AwsFaults.Kind.KILL_CALLER);
    }

    /** The service never replies, until the emulator is closed. The call has no effect. */
    public void hang() {
      set(AwsFaults.Kind.HANG);
    }

    /** The service rejects the caller's session token as expired. The call has no effect. */
    public void expireToken() {
      set(AwsFaults.Kind.EXPIRE_TOKEN);
    }

    /**
     * Lake Formation rejects the first entry of {@code BatchGrantPermissions} or {@code
     * BatchRevokePermissions}, because another program changes the same object. The other entries
     * take effect.
     *
     * @throws IllegalStateException if the rule is for another operation
     */
    public void failEntry() {
      if (!BATCHES.contains(call)) {
        throw new IllegalStateException(
            call + " has no entries that fail alone; use one of " + BATCHES);
      }
      set(AwsFaults.Kind.FAIL_ENTRY);
    }

    private void set(AwsFaults.Kind kind) {
      faults.add(call, number, kind);
    }
  }
}
