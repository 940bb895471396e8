package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.BatchEntry;
import io.meshwork.internal.mirror.Mirror.CallBatch;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an account passed on before its share ended, it cannot revoke. So the owner gives the role
 * of the mesh there the permissions with the grant option while they are revoked; no other role
 * gets access by that. If the owner could not take them back, the next run does. Used by one
 * thread.
 */
final class PermissionLoan {
  private static final Logger LOG = LoggerFactory.getLogger(PermissionLoan.class);
  private static final String ROLE = ":role/" + MirrorSettings.MIRROR;

  private final String borrower;
  private final PermissionBatch lend;
  private final PermissionBatch takeBack;
  private final Runnable accept;

  /**
   * Creates a loan.
   *
   * @param borrower the ARN of the role of the mesh in the account that passed permissions on
   * @param owner the role of the mesh in the account of the catalog
   * @param accept accepts what the owner shares
   */
  PermissionLoan(String borrower, RoleClients owner, String region, Runnable accept) {
    LakeFormationFailure failure =
        new LakeFormationFailure(owner.role().toString(), owner.account(), region);
    this.borrower = borrower;
    this.lend = new PermissionBatch(true, owner.account(), failure, owner::lakeFormation);
    this.takeBack = new PermissionBatch(false, owner.account(), failure, owner::lakeFormation);
    this.accept = accept;
  }

  /** Returns true for permissions of a loan that was not taken back. */
  static boolean isLoan(JsonNode content, String account) {
    String principal = content.path(GrantEntries.PRINCIPAL).asText();
    return principal.endsWith(ROLE)
        && !principal.contains(":" + account + ":")
        && !(content.path(GrantEntries.GRANTABLE).isEmpty()
            && content.path(GrantEntries.GRANTABLE_COLUMNS).isEmpty());
  }

  /** Returns a call that revokes permissions, with a loan if it is denied without. */
  ServiceCall around(ServiceCall revocation, JsonNode revoked) {
    return new ServiceCall(
        revocation.command(),
        () -> revoke(revoked, revocation.send()),
        revocation
            .entry()
            .map(entry -> new BatchEntry(new LoanBatch(entry.batch(), this), entry.content())));
  }

  private void revoke(JsonNode revoked, Runnable revocation) {
    try {
      revocation.run();
    } catch (MeshException e) {
      if (!isDenied(e)) {
        throw e;
      }
      during(
          revoked,
          () -> {
            revocation.run();
            return true;
          });
    }
  }

  private static boolean isDenied(RuntimeException failure) {
    return failure instanceof MeshException denial
        && denial.errorCode() == ErrorCode.PERMISSION_MISSING;
  }

  private <R> R during(JsonNode revoked, Supplier<R> revocation) {
    List<JsonNode> loan = List.of(loan(revoked));
    lend.send(loan)
        .get(0)
        .ifPresent(
            failed -> {
              throw failed;
            });
    try {
      accept.run();
      return revocation.get();
    } finally {
      takeBack(loan);
    }
  }

  private void takeBack(List<JsonNode> loan) {
    try {
      takeBack
          .send(loan)
          .get(0)
          .ifPresent(
              failed -> {
                throw failed;
              });
    } catch (RuntimeException e) {
      LOG.warn("The next run of the mirrors takes back {}", loan, e);
    }
  }

  private ObjectNode loan(JsonNode revoked) {
    ObjectNode loan = RequestJson.object().put(GrantEntries.PRINCIPAL, borrower);
    loan.set(GrantEntries.RESOURCE, revoked.path(GrantEntries.RESOURCE));
    loan.set(GrantEntries.PERMISSIONS, revoked.path(GrantEntries.PERMISSIONS));
    loan.set(GrantEntries.GRANTABLE, revoked.path(GrantEntries.PERMISSIONS));
    return loan;
  }

  /** Revocations, of which those that are denied are sent again with a loan. */
  private record LoanBatch(CallBatch batch, PermissionLoan loan) implements CallBatch {
    @Override
    public int maxEntries() {
      return batch.maxEntries();
    }

    @Override
    public List<Optional<RuntimeException>> send(List<JsonNode> entries) {
      List<Optional<RuntimeException>> outcomes = new ArrayList<>(batch.send(entries));
      for (int i = 0; i < outcomes.size(); i++) {
        JsonNode entry = entries.get(i);
        if (outcomes.get(i).filter(PermissionLoan::isDenied).isPresent()) {
          outcomes.set(i, again(entry));
        }
      }
      return outcomes;
    }

    private Optional<RuntimeException> again(JsonNode entry) {
      try {
        return loan.during(entry, () -> batch.send(List.of(entry)).get(0));
      } catch (MeshException e) {
        return Optional.of(e);
      }
    }
  }
}
