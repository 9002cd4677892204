namespace HyperVDash.Web.Fleet;

/// <summary>What is known of a section of a host at this moment. Shapes, counts and verdicts rest on this one word, so that no two pages disagree.</summary>
public enum SectionKnowledge
{
    /// <summary>Read whole by the newest attempt, and that is not too long ago.</summary>
    Whole,

    /// <summary>Nothing is missing: the host has no such feature, its release cannot say, or a setting switches it off.</summary>
    NotThere,

    /// <summary>The newest attempt read a part of it.</summary>
    Partial,

    /// <summary>It was read whole, but not again in time, or its host is not read now.</summary>
    Old,

    Denied,

    /// <summary>The newest attempt failed, or an agent of a later version said a word that this one does not know.</summary>
    Failed,

    /// <summary>Not tried since its agent started.</summary>
    Pending,
}
