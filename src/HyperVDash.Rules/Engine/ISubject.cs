using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>An object that rules examine, with what they may look at beside it.</summary>
public interface ISubject
{
    ObjectRef Identity { get; }

    /// <summary>The hosts its facts come from.</summary>
    IEnumerable<HostSubject> Hosts { get; }
}
