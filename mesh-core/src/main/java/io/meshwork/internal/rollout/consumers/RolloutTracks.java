package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.NearestName;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The current tracks of a rollout that the caller may see. Immutable. */
public record RolloutTracks(ClientSession session, RolloutEntry rollout) {
  private static final int MAX_NAMED = 10;
  private static final int MAX_DIFFERENCE = 2;

  private MeshAction action() {
    return MeshAction.of(
        Verb.LIST, "the tracks of rollout " + rollout.number() + " of " + rollout.product());
  }

  /** All of them, by consumer. */
  public List<Track.Move> all() {
    session.checkOpen(action());
    RolloutEntry current = current();
    Instant now = session.runtime().clock().instant();
    return ConsumerTrack.all(session, current, ConsumerTracks.visible(session, current, now), now);
  }

  /** The tracks for which a retirement waits. */
  public List<Track.Move> waitingFor() {
    return current().state().isEnded()
        ? List.of()
        : all().stream().filter(track -> !track.released()).toList();
  }

  /**
   * One of them.
   *
   * @throws io.meshwork.error.NotFoundException if the caller sees no such track
   */
  public Track.Move one(String consumer) {
    String name = ArgumentChecks.text("consumer", consumer);
    String id =
        name.indexOf('/') >= 0
            ? name
            : session.authorizer().requireOwnDomain(action()).domain() + "/" + name;
    List<Track.Move> all = all();
    return all.stream()
        .filter(track -> track.consumer().equals(id))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = all.stream().map(Track::consumer).toList();
              String nearest = nearest(id, names);
              return Failure.of(
                      MeshAction.of(
                          Verb.SHOW,
                          "the track of "
                              + id
                              + " in rollout "
                              + rollout.number()
                              + " of "
                              + rollout.product()))
                  .because(
                      current().terms().isEmpty()
                          ? "the rollout was not announced"
                          : names.isEmpty()
                              ? "you see none of its consumers"
                              : "you see no such consumer, but " + named(names))
                  .fix(
                      nearest == null
                          ? "List the tracks that you see with tracks()."
                          : "Did you mean '" + nearest + "'?")
                  .notFound(ErrorCode.NOT_FOUND, nearest);
            });
  }

  /** The consumer of this name in another domain, else the most similar one; null if none is. */
  private static @Nullable String nearest(String id, List<String> names) {
    String name = id.substring(id.indexOf('/') + 1);
    return names.stream()
        .filter(each -> each.endsWith("/" + name))
        .findFirst()
        .or(() -> NearestName.to(id, names))
        .or(
            () ->
                names.stream()
                    .filter(each -> NearestName.distance(name, shortName(each)) <= MAX_DIFFERENCE)
                    .min(
                        Comparator.comparingInt(
                            each -> NearestName.distance(name, shortName(each)))))
        .orElse(null);
  }

  private static String shortName(String consumer) {
    return consumer.substring(consumer.indexOf('/') + 1);
  }

  private static String named(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())))
        + (names.size() > MAX_NAMED ? " and " + (names.size() - MAX_NAMED) + " more" : "");
  }

  private RolloutEntry current() {
    return session
        .ledger()
        .read(RegistryKeys.rollout(rollout.product(), rollout.number()))
        .map(RolloutEntry::of)
        .orElse(rollout);
  }
}
