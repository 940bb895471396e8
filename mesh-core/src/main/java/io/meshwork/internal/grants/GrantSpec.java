package io.meshwork.internal.grants;

import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grantees, permissions, end and reason of a grant.
 *
 * @param <G> the operation
 */
final class GrantSpec<G> {
  /** A name that Lake Formation reserves. */
  private static final String RESERVED = "IAM_ALLOWED_PRINCIPALS";

  /** Permissions that only accounts of the owner can use. */
  private static final Set<Permission> OWNER_ONLY =
      Set.of(Permission.INSERT, Permission.DELETE, Permission.ALTER, Permission.DROP);

  private final G operation;
  private final List<Grantee> grantees = new ArrayList<>();
  private Set<Permission> permissions = Set.of();
  private boolean grantOption;
  private boolean includingSensitive;
  private @Nullable Instant until;
  private @Nullable String because;
  private @Nullable String request;

  GrantSpec(G operation) {
    this.operation = operation;
  }

  G to(Principal... principals) {
    ArgumentChecks.all("to", principals).forEach(each -> grantees.add(Grantee.of(each)));
    return operation;
  }

  G toAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("toAccounts", accounts)) {
      grantees.add(Grantee.account(requireAccount(account)));
    }
    return operation;
  }

  G toAllRoles(String account) {
    grantees.add(Grantee.principalsOf(requireAccount(account)));
    return operation;
  }

  G toMesh() {
    grantees.add(Grantee.of("arn:aws:organizations:::organization/" + PolicySnapshot.ORGANIZATION));
    return operation;
  }

  static String requireAccount(String account) {
    Principal.of(account, "any");
    if (account.equals(RESERVED)) {
      throw ArgumentChecks.refused(
          "account", "is '" + RESERVED + "'", "Name an account of the mesh.");
    }
    return account;
  }

  G allowing(Permission... values) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(ArgumentChecks.all("permissions", values));
    if (permissions.isEmpty()) {
      throw ArgumentChecks.refused("permissions", "is empty", "Name a permission, such as SELECT.");
    }
    return operation;
  }

  G withGrantOption() {
    grantOption = true;
    return operation;
  }

  G includingSensitive() {
    includingSensitive = true;
    return operation;
  }

  boolean includesSensitive() {
    return includingSensitive;
  }

  List<Grantee> grantees() {
    return List.copyOf(grantees);
  }

  /** Returns the grantees and the caller: other grants do not matter to the grant. */
  Set<Grantee> concerned(Principal caller) {
    Set<Grantee> all = new HashSet<>(grantees);
    all.add(Grantee.of(caller));
    return all;
  }

  int granteeCount() {
    return (int) grantees.stream().distinct().count();
  }

  G until(Instant end) {
    until = ArgumentChecks.required("until", end);
    return operation;
  }

  G because(String text) {
    because = ArgumentChecks.text("because", text);
    return operation;
  }

  G forRequest(String id) {
    request = ArgumentChecks.text("request", id);
    return operation;
  }

  Optional<String> request() {
    return Optional.ofNullable(request);
  }

  /** Rejects a request, which only an authorization for it allows. */
  void requireNoRequest(MeshAction action) {
    if (request != null) {
      throw Failure.of(action.on("for a request"))
          .because(
              ReasonText.of(
                  "only an authorization for the request allows this",
                  FindingCode.REQUEST_NOT_ALLOWED))
          .fix("The owner calls requests().approve(id); omit request(..) in all other grants.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Returns true if all grantees belong to the account. */
  boolean isWithin(String account) {
    return grantees.stream().allMatch(to -> to.account().filter(account::equals).isPresent());
  }

  Optional<Instant> until() {
    return Optional.ofNullable(until);
  }

  /**
   * Checks the settings.
   *
   * @throws io.meshwork.error.InvalidRequestException if the grantees or the reason is missing, a
   *     permission has no effect, or the end is past
   */
  void check(MeshAction action, Instant now) {
    List<String> missing = new ArrayList<>();
    if (grantees.isEmpty()) {
      missing.add("to(..)");
    }
    if (because == null) {
      missing.add("because(..)");
    }
    if (!missing.isEmpty()) {
      throw Failure.of(action)
          .because(ArgumentChecks.missing(missing))
          .fix("Name the grantees and the reason; the reason is stored with the grant.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    requireEffect(permissions, action);
    if (until != null && !now.isBefore(until)) {
      throw Failure.of(action.on("until " + until))
          .because("it is " + now + " already")
          .fix("Set a later end; it is exclusive.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /**
   * Rejects permissions that have no effect for grantees other than the owner.
   *
   * @throws io.meshwork.error.InvalidRequestException if there are any; names the others
   */
  static void requireEffect(Set<Permission> permissions, MeshAction action) {
    List<Permission> ineffective =
        permissions.stream().filter(OWNER_ONLY::contains).sorted().toList();
    if (!ineffective.isEmpty()) {
      throw Failure.of(action)
          .because(
              ReasonText.of(
                      ineffective + " would have no effect", FindingCode.PERMISSION_WITHOUT_EFFECT)
                  + ": only the accounts of a domain publish, erase, and amend its products")
          .fix(
              "Allow SELECT, DESCRIBE, or ALL. To let an account write for the domain, add it with"
                  + " registerDomain(..).accounts(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Returns a grant of DESCRIBE for each grantee. */
  List<StoredGrant> describeGrants(Grantor grantor, GrantTarget on) {
    return newGrants(
        grantor, on, List.of(), List.of(), Optional.empty(), Set.of(Permission.DESCRIBE));
  }

  /**
   * Returns a grant for each grantee.
   *
   * @param defaultPermissions the permissions if {@code permissions(..)} was not called
   */
  List<StoredGrant> grants(
      Grantor grantor,
      GrantTarget on,
      Set<Permission> defaultPermissions,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows) {
    return newGrants(
        grantor,
        on,
        columns,
        exceptColumns,
        rows,
        permissions.isEmpty() ? defaultPermissions : permissions);
  }

  private List<StoredGrant> newGrants(
      Grantor grantor,
      GrantTarget on,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows,
      Set<Permission> allowed) {
    String by = grantor.principal().toString();
    return grantees.stream()
        .distinct()
        .map(
            to ->
                new StoredGrant(
                    on,
                    to,
                    allowed,
                    grantOption,
                    columns,
                    exceptColumns,
                    rows,
                    until(),
                    because == null ? "" : because,
                    by,
                    by,
                    grantor.recipientAccount(),
                    Optional.empty(),
                    Optional.empty(),
                    BoundColumns.NONE,
                    Optional.empty(),
                    ""))
        .toList();
  }
}
