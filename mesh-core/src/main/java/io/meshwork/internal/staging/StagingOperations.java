package io.meshwork.internal.staging;

import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.StagedPublish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the operations on staged publishes for a session. */
public final class StagingOperations {
  private StagingOperations() {}

  /** Stages the rows of a publish, which is not run; under a used key, returns what is staged. */
  public static StagedPublish stage(PublishContext publish) {
    return new StoredStagedPublish(publish.session(), new StagingRun(publish).run());
  }

  /** The staged publishes of a product, oldest first. */
  public static List<StagedPublish> staged(ClientSession session, @Nullable CharSequence product) {
    return StoredStagedPublish.all(session, product);
  }

  /** The source of an erase, which adds no rows and ends the staged publishes with erased rows. */
  public static RowSource erasing() {
    return new EraseSource();
  }
}
