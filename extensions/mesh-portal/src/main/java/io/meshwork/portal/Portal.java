package io.meshwork.portal;
/** Probe. */
public final class Portal {
  private Portal() {}
}
