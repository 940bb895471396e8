package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the tracks of subscriptions in open rollouts. Used by one thread. */
public final class SubscriptionTracks {
  private final ClientSession session;
  private final Instant now;
  private final Map<SubscriberList.Entry, Track> tracksByEntry = new HashMap<>();

  private SubscriptionTracks(ClientSession session) {
    this.session = session;
    this.now = session.runtime().clock().instant();
  }

  /**
   * The tracks of these subscriptions. Each rollout is read once, and only if a major version of
   * these subscriptions has its number.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Map<SubscriberList.Entry, Track> of(
      ClientSession session, List<SubscriberList.Entry> subscriptions) {
    Map<Key, List<SubscriberList.Entry>> byRollout = new LinkedHashMap<>();
    for (SubscriberList.Entry entry : subscriptions) {
      entry
          .rollout()
          .ifPresent(
              number ->
                  byRollout
                      .computeIfAbsent(
                          RegistryKeys.rollout(entry.product(), number), key -> new ArrayList<>())
                      .add(entry));
    }
    SubscriptionTracks tracks = new SubscriptionTracks(session);
    byRollout.forEach(
        (key, entries) ->
            session
                .ledger()
                .read(key)
                .map(RolloutEntry::of)
                .filter(rollout -> !rollout.state().isEnded())
                .ifPresent(rollout -> tracks.add(rollout, entries)));
    return Map.copyOf(tracks.tracksByEntry);
  }

  private void add(RolloutEntry rollout, List<SubscriberList.Entry> entries) {
    List<Catalog.Consumer> domains =
        entries.stream().map(SubscriberList.Entry::consumer).distinct().toList();
    Map<String, Track> tracks = new HashMap<>();
    for (Track track :
        ConsumerTrack.all(
            session, rollout, ConsumerTracks.of(session, rollout, domains, now), now)) {
      tracks.put(track.consumer(), track);
    }
    for (SubscriberList.Entry entry : entries) {
      Track track = tracks.get(entry.subscription());
      if (track != null) {
        tracksByEntry.put(entry, track);
      }
    }
  }
}
