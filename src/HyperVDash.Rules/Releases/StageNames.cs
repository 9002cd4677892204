namespace HyperVDash.Rules.Releases;

/// <summary>The stages in the words of their time.</summary>
public static class StageNames
{
    public static string Of(ReleaseStage stage) => stage switch
    {
        ReleaseStage.Ctp => "CTP", ReleaseStage.Beta => "Beta", ReleaseStage.HyperVRc0 => "RC0", ReleaseStage.HyperVRc1 => "RC1",
        ReleaseStage.Preview => "preview", ReleaseStage.Released => "RTM", _ => "unknown",
    };
}
