/* The rules for the course's CSS: the standard ones, but for what `:is` makes of their order and for JupyterLab's names. */

export default {
  extends: "stylelint-config-standard",
  rules: {
    "declaration-empty-line-before": null,
    "no-descending-specificity": null,
    "selector-class-pattern": null,
  },
};
