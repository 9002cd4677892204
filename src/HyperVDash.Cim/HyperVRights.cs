namespace HyperVDash.Cim;

/// <summary>What an account needs that may read Hyper-V, and how it gets it. The group by its number: its name is localised.</summary>
public static class HyperVRights
{
    /// <summary>Enough on the host itself.</summary>
    public const string Local =
        @"The account needs the group Hyper-V Administrators: on the host Add-LocalGroupMember -SID S-1-5-32-578 -Member DOMAIN\user, then sign in anew; or an administrator's full token.";

    /// <summary>From another machine.</summary>
    public const string Remote =
        "The account needs Hyper-V Administrators (S-1-5-32-578), Remote Management Users (S-1-5-32-580) and Remote Enable on the namespace.";
}
