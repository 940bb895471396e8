package io.meshwork.internal.mirror;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.runtime.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The backend of a mesh that no service shows, to which no message comes.
 *
 * @param sleeper waits for messages
 */
public record NoMirrors(Sleeper sleeper) implements MirrorBackend, ChangeQueue {
  @Override
  public String account(String catalog) {
    return catalog;
  }

  @Override
  public List<Mirror> mirrors(MirroredCatalog catalog) {
    return List.of();
  }

  @Override
  public ChangeQueue changes() {
    return this;
  }

  @Override
  public Optional<RightsMirror> rights() {
    return Optional.empty();
  }

  @Override
  public List<Change> receive(Duration wait) {
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  @Override
  public Change change(String receipt, String body) {
    return new Change(receipt, MeshEvent.Type.UNKNOWN, "");
  }

  @Override
  public void remove(List<Change> changes) {}
}
