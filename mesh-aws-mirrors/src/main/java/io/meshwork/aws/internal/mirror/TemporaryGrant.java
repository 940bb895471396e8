package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
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
 * An account cannot revoke what it passed on before its share ended. So the owner gives the role of
 * the mesh there the permissions with the grant option while they are revoked; no other role gets
 * access by that. If the owner could not end this grant, the next run does. Used by one thread.
 */
final class TemporaryGrant {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryGrant.class);
  private static final String ROLE = ":role/" + MirrorSettings.MIRROR;

  private final String grantee;
  private final PermissionBatch grants;
  private final PermissionBatch revocations;
  private final Runnable accept;

  /**
   * Creates a temporary grant.
   *
   * @param grantee the ARN of the role of the mesh in the account that passed permissions on
   * @param owner the role of the mesh in the account of the catalog
   * @param accept accepts what the owner shares
   */
  TemporaryGrant(String grantee, RoleClients owner, String region, Runnable accept) {
    LakeFormationFailure failure =
        new LakeFormationFailure(owner.role().toString(), owner.account(), region);
    this.grantee = grantee;
    this.grants = new PermissionBatch(true, owner.account(), failure, owner::lakeFormation);
    this.revocations = new PermissionBatch(false, owner.account(), failure, owner::lakeFormation);
    this.accept = accept;
  }

  /** Returns true for permissions of a temporary grant that was not revoked. */
  static boolean isTemporary(JsonNode content, String account) {
    String principal = content.path(GrantEntries.PRINCIPAL).asText();
    return principal.endsWith(ROLE)
        && !principal.contains(":" + account + ":")
        && !(content.path(GrantEntries.GRANTABLE).isEmpty()
            && content.path(GrantEntries.GRANTABLE_COLUMNS).isEmpty());
  }

  /** Returns a call that revokes permissions, with a temporary grant if it is denied without. */
  ServiceCall around(ServiceCall revocation, JsonNode revoked) {
    return new ServiceCall(
        revocation.command(),
        () -> revoke(revoked, revocation.send()),
        revocation
            .entry()
            .map(
                entry -> new BatchEntry(new BatchWithGrant(entry.batch(), this), entry.content())));
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
    List<JsonNode> entries = List.of(entry(revoked));
    grants
        .send(entries)
        .get(0)
        .ifPresent(
            failed -> {
              throw failed;
            });
    try {
      accept.run();
      return revocation.get();
    } finally {
      end(entries);
    }
  }

  private void end(List<JsonNode> entries) {
    try {
      revocations
          .send(entries)
          .get(0)
          .ifPresent(
              failed -> {
                throw failed;
              });
    } catch (RuntimeException e) {
      LOG.warn("The next run of the mirrors ends the temporary grant {}", entries, e);
    }
  }

  private ObjectNode entry(JsonNode revoked) {
    ObjectNode entry = RequestJson.object().put(GrantEntries.PRINCIPAL, grantee);
    entry.set(GrantEntries.RESOURCE, revoked.path(GrantEntries.RESOURCE));
    entry.set(GrantEntries.PERMISSIONS, revoked.path(GrantEntries.PERMISSIONS));
    entry.set(GrantEntries.GRANTABLE, revoked.path(GrantEntries.PERMISSIONS));
    return entry;
  }

  /** Revocations, of which denied ones are sent again with a temporary grant. */
  private record BatchWithGrant(CallBatch batch, TemporaryGrant grant) implements CallBatch {
    @Override
    public int maxEntries() {
      return batch.maxEntries();
    }

    @Override
    public List<Optional<RuntimeException>> send(List<JsonNode> entries) {
      List<Optional<RuntimeException>> outcomes = new ArrayList<>(batch.send(entries));
      for (int i = 0; i < outcomes.size(); i++) {
        JsonNode entry = entries.get(i);
        if (outcomes.get(i).filter(TemporaryGrant::isDenied).isPresent()) {
          outcomes.set(i, again(entry));
        }
      }
      return outcomes;
    }

    private Optional<RuntimeException> again(JsonNode entry) {
      try {
        return grant.during(entry, () -> batch.send(List.of(entry)).get(0));
      } catch (MeshException e) {
        return Optional.of(e);
      }
    }
  }
}
