package io.meshwork.portal.internal.text;

import io.meshwork.rollout.Rollout.Track;

/** What a consumer answered to a rollout, in words. */
public final class AnswerText {
  private AnswerText() {}

  public static String of(Track.Answer answer) {
    return answer == Track.Answer.COUNTERED ? "asked for a later day" : ConstantText.of(answer);
  }
}
