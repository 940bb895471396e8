package io.meshwork.internal.rollouts;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.Rollout;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a major version that was taken out of use: first its table documents, then its files. If
 * the process ends in between, the same purge or maintenance deletes the rest. Not thread-safe.
 */
final class MajorPurge implements PlannedOperation<Plan<Rollout>, Rollout> {
  private static final Logger LOG = LoggerFactory.getLogger(MajorPurge.class);

  private final ClientSession session;
  private final RolloutPurge purge;
  private final RolloutTransition transition;

  MajorPurge(ClientSession session, RolloutPurge purge) {
    this.session = session;
    this.purge = purge;
    this.transition = new RolloutTransition(session, purge);
  }

  @Override
  public Plan<Rollout> plan() {
    return ((TransitionPlan) transition.plan()).committedBy(this::commitAsPlanned);
  }

  @Override
  public Rollout commit() {
    return withoutFiles(transition.commit());
  }

  @Override
  public Rollout commitAsPlanned(String fingerprint) {
    return withoutFiles(transition.commitAsPlanned(fingerprint));
  }

  private Rollout withoutFiles(Rollout rollout) {
    Deadline deadline = session.deadline();
    RolloutPurge.tables(purge.read()).forEach(table -> deleteFiles(table, deadline));
    return rollout;
  }

  /** Deletes what the store lists; maintenance deletes what remains. */
  private void deleteFiles(TableName table, Deadline deadline) {
    if (session.files() instanceof SupportsPrefixOperations listing) {
      for (FileInfo file : listing.listPrefix(session.tables().folder(table.key()) + "/")) {
        deadline.check(purge.action());
        delete(file.location());
      }
    }
  }

  private void delete(String location) {
    try {
      session.files().deleteFile(location);
    } catch (NotFoundException e) {
      LOG.debug("{} was deleted already", location);
    } catch (RuntimeException e) {
      LOG.warn("A file of a deleted major version remains; maintenance deletes it");
      LOG.debug("{} was not deleted", location, e);
    }
  }
}
