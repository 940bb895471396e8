package io.meshwork.portal.internal.page;

import java.util.Optional;

/**
 * The forms of a page by which the viewer acts on what it shows.
 *
 * @param token proves that this server created a form; empty if pages have no forms
 * @param outcome what the last form did; empty if none was sent
 */
public record PageForms(String token, Optional<ActionOutcome> outcome) {
  /** For pages that only show. */
  public static final PageForms NONE = new PageForms("", Optional.empty());

  boolean shown() {
    return !token.isEmpty();
  }
}
