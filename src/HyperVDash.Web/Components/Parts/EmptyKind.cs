namespace HyperVDash.Web.Components.Parts;

/// <summary>Why there is nothing to show.</summary>
public enum EmptyKind
{
    /// <summary>Everything was looked at and there is none.</summary>
    Good,

    /// <summary>There are some, but the filters hide them.</summary>
    NothingMatches,

    /// <summary>Not read yet, or switched off.</summary>
    NotCollected,

    /// <summary>The account may not read it.</summary>
    NoRight,

    /// <summary>It was tried and failed.</summary>
    Failed,
}
